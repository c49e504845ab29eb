// What the counting of requests costs: the load balancer with its nginx/conf.d, and the same without the log phase and the
// clock of the access phase, before the same three backends, one worker each. A ratio is the median over the rounds of
// "with" to "without" in the same round (see routing.mjs). Of the two, the ratio of processor time for a request suffers
// less from other tenants of the machine; it is turned round, so that 0.95 means the same. Prints JSON, with --out FILE
// also into a file.
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { CONFIGURATION } from "../local/load-balancer.mjs";
import { freePorts } from "../local/ports.mjs";
import { close, dir, goRound, median, startBackends, startDatabase, startOurs, thousandths } from "./stage.mjs";

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

/** A copy of nginx/conf.d that counts no request. */
function withoutMetrics() {
  const folder = join(dir, "conf-without-metrics");
  cpSync(CONFIGURATION, folder, { recursive: true });
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    const stripped = readFileSync(file, "utf8")
      .replace(/^ *log_by_lua_block .*\n/gm, "")
      .replace(
        "kuma_cluster.init() }",
        'kuma_cluster.init() require("lib.clock").monotonic = function() return 0 end }',
      );
    writeFileSync(file, stripped);
  }
  if (!readFileSync(join(folder, "cluster.conf"), "utf8").includes("monotonic")) throw new Error("no init phase found");
  return folder;
}

/** Seconds that a process has run on a processor. @param {number} pid */
const cpuTime = (pid) => Number(readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ")[0]) / 1e9;

/** @param {Record<string, import("../local/load-balancer.mjs").LoadBalancer>} targets @param {string} workload */
async function compare(targets, workload) {
  const urls = Object.fromEntries(Object.entries(targets).map(([name, { url }]) => [name, url]));
  const workers = Object.fromEntries(Object.entries(targets).map(([name, lb]) => [name, lb.workers()[0] ?? 0]));
  const { counting = [], bare = [] } = await goRound(urls, workload, options, (name) => cpuTime(workers[name] ?? 0));
  const ratios = counting.map(({ rps }, round) => rps / (bare[round]?.rps ?? NaN));
  const cpuRatios = counting.map(({ cpu_us = NaN }, round) => (bare[round]?.cpu_us ?? NaN) / cpu_us);
  const summary = (/** @type {typeof bare} */ samples) => ({
    requests_per_second: Math.round(median(samples.map(({ rps }) => rps))),
    cpu_us_per_request: thousandths(median(samples.map(({ cpu_us = NaN }) => cpu_us))),
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
  const ports = await freePorts(BACKENDS);
  await startBackends(ports);
  const db = await startDatabase(ports);
  const targets = {
    counting: await startOurs(db, { name: "with" }),
    bare: await startOurs(db, { name: "without", configuration: withoutMetrics() }),
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
  const text = JSON.stringify({ benchmark: "metrics", settings, results }, undefined, 2);
  if (options.out !== undefined) writeFileSync(options.out, `${text}\n`);
  console.log(text);
} finally {
  await close();
}
