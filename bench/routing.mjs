// Compares the load balancer with plain nginx and HAProxy before the same three backends, one worker each, in one run.
// Plain nginx hands requests on by the same nginx/conf.d/proxy.conf: what differs is who chooses the node, and how.
//
// The workloads: the barest request and answer there are, and a page and a script of Uptime Kuma as a browser asks for
// them. A script is as much work for the load side as for the proxy: with two cores no proxy is busy all the time then, and
// its ratio says only that no script is slowed down. The other two are the measure.
//
// Rounds are short and go round the peers, and a ratio is the median over the rounds of ours to the peer's in the same
// round: other tenants of the machine come and go within seconds, and hit all of a round alike. The ratio is the result;
// requests per second are only those of this machine. Prints JSON, with --out FILE also into a file.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { CONFIGURATION } from "../local/load-balancer.mjs";
import { freePort, freePorts } from "../local/ports.mjs";
import { spawnDetached, stopProcess } from "../local/processes.mjs";
import {
  PROXY_CORE,
  WORKLOADS,
  atEnd,
  close,
  dir,
  goRound,
  median,
  startBackends,
  startDatabase,
  startNginx,
  startOurs,
  thousandths,
} from "./stage.mjs";

const BACKENDS = 3;

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "15" },
    seconds: { type: "string", default: "1" },
    connections: { type: "string", default: "32" },
    out: { type: "string" },
  },
});

/** @param {number[]} backends @returns {Promise<string>} */
async function startPlainNginx(backends) {
  const port = await freePort();
  const servers = backends.map((backend) => `server 127.0.0.1:${backend};`).join(" ");
  const http = `upstream nodes { least_conn; ${servers} keepalive 64; keepalive_timeout 4s; }
    include ${CONFIGURATION}/proxy_variables.conf;
    server { listen 127.0.0.1:${port}; server_tokens off; location / { include ${CONFIGURATION}/proxy.conf; proxy_pass http://nodes; } }`;
  await startNginx("nginx", http, PROXY_CORE);
  return `http://127.0.0.1:${port}`;
}

/** @param {number[]} backends @returns {Promise<string>} */
async function startHaproxy(backends) {
  const port = await freePort();
  const file = join(dir, "haproxy.cfg");
  const servers = backends.map((backend, index) => `  server node${index + 1} 127.0.0.1:${backend} check`).join("\n");
  writeFileSync(
    file,
    `global\n  nbthread 1\n  maxconn 4096\ndefaults\n  mode http\n  timeout connect 3s\n  timeout client 60s\n  timeout server 60s\n` +
      `  option forwardfor\n  http-reuse safe\nfrontend in\n  bind 127.0.0.1:${port}\n  default_backend nodes\n` +
      `backend nodes\n  balance leastconn\n${servers}\n`,
  );
  const pid = await spawnDetached("taskset", ["-c", PROXY_CORE, "haproxy", "-db", "-f", file], {
    log: join(dir, "haproxy.log"),
  });
  atEnd(() => stopProcess(pid, { mark: file }));
  return `http://127.0.0.1:${port}`;
}

/** @param {Record<string, string>} targets @param {string} workload */
async function compare(targets, workload) {
  const runs = await goRound(targets, workload, options);
  const ours = runs.cluster ?? [];
  return Object.fromEntries(
    Object.entries(runs).map(([name, samples]) => [
      name,
      {
        requests_per_second: Math.round(median(samples.map(({ rps }) => rps))),
        p99_ms: thousandths(median(samples.map(({ p99_ms }) => p99_ms))),
        errors: samples.reduce((sum, { errors }) => sum + errors, 0),
        cluster_to_it: thousandths(median(samples.map(({ rps }, round) => (ours[round]?.rps ?? 0) / rps))),
        rounds: samples.map(({ rps }) => Math.round(rps)),
      },
    ]),
  );
}

try {
  const ports = await freePorts(BACKENDS);
  await startBackends(ports);
  const targets = {
    nginx: await startPlainNginx(ports),
    haproxy: await startHaproxy(ports),
    cluster: (await startOurs(await startDatabase(ports))).url,
  };
  /** @type {Record<string, Awaited<ReturnType<typeof compare>>>} */
  const results = {};
  for (const workload of Object.keys(WORKLOADS)) {
    const result = await compare(targets, workload);
    results[workload] = result;
    const { nginx, haproxy } = result;
    process.stderr.write(`${workload}: ${nginx?.cluster_to_it} of plain nginx, ${haproxy?.cluster_to_it} of HAProxy\n`);
  }
  const settings = { backends: BACKENDS, workers: 1, ...options, out: undefined };
  const text = JSON.stringify({ benchmark: "routing", settings, results }, undefined, 2);
  if (options.out !== undefined) writeFileSync(options.out, `${text}\n`);
  console.log(text);
} finally {
  await close();
}
