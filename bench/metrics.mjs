// What the counting of requests costs: the load balancer with its nginx/conf.d, and the same without the log phase and the
// clock of the access phase, before the same three backends, one worker each. A ratio is the median over the rounds of
// "with" to "without" in the same round (see routing.mjs). Of the two, the ratio of processor time for a request suffers
// less from other tenants of the machine; it is turned round, so that 0.95 means the same. Prints JSON, with --out FILE
// also into a file.
import { parseArgs } from "node:util";
import { goRound } from "./load.mjs";
import { changedConfiguration, close, startBackends, startDatabase, startOurs } from "./stage.mjs";
import { median, thousandths } from "./statistics.mjs";
import { printResult } from "./output.mjs";

const BACKENDS = 3;

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "31" },
    seconds: { type: "string", default: "1" },
    connections: { type: "string", default: "32" },
    workloads: { type: "string", default: "bare,page" },
    out: { type: "string" },
  },
});

/** nginx/conf.d without what counts requests. @param {string} text @param {string} file */
function withoutMetrics(text, file) {
  const stripped = text
    .replace(/^ *log_by_lua_block .*\n/gm, "")
    .replace("kuma_cluster.init() }", 'kuma_cluster.init() require("lib.clock").monotonic = function() return 0 end }');
  if (file === "cluster.conf" && !stripped.includes("monotonic")) throw new Error("no init phase found");
  return stripped;
}

/** @param {Record<"counting" | "bare", import("./load.mjs").Target>} targets @param {string} workload */
async function compare(targets, workload) {
  const load = { workload, seconds: Number(options.seconds), connections: Number(options.connections) };
  const { counting, bare } = await goRound(targets, load, Number(options.rounds));
  const ratios = counting.map(({ rps }, round) => rps / (bare[round]?.rps ?? NaN));
  const cpuRatios = counting.map(({ cpu_us }, round) => (bare[round]?.cpu_us ?? NaN) / cpu_us);
  const summary = (/** @type {typeof bare} */ samples) => ({
    requests_per_second: Math.round(median(samples.map(({ rps }) => rps))),
    cpu_us_per_request: thousandths(median(samples.map(({ cpu_us }) => cpu_us))),
  });
  return {
    throughput_ratio: thousandths(median(ratios)),
    cpu_ratio: thousandths(median(cpuRatios)),
    with_metrics: summary(counting),
    without: summary(bare),
    errors: [...counting, ...bare].reduce((sum, { errors }) => sum + errors, 0),
    rounds: { throughput: ratios.map(thousandths), cpu: cpuRatios.map(thousandths) },
  };
}

try {
  const db = await startDatabase(await startBackends(BACKENDS));
  const targets = {
    counting: await startOurs(db, { name: "with" }),
    bare: await startOurs(db, { name: "without", configuration: changedConfiguration("without", withoutMetrics) }),
  };
  /** @type {Record<string, Awaited<ReturnType<typeof compare>>>} */
  const results = {};
  for (const workload of options.workloads.split(",")) {
    const result = await compare(targets, workload);
    results[workload] = result;
    const { throughput_ratio, cpu_ratio } = result;
    process.stderr.write(
      `${workload}: ${throughput_ratio} of the throughput without metrics (by cpu time ${cpu_ratio})\n`,
    );
  }
  const settings = { backends: BACKENDS, workers: 1, ...options, out: undefined };
  printResult({ benchmark: "metrics", settings, results }, options.out);
} finally {
  await close();
}
