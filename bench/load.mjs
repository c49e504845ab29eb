// Load by wrk, and what it costs the one who bears it.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { cpuOf } from "./meters.mjs";
import { BARE_PATH, OTHER_CORE } from "./stage.mjs";

const run = promisify(execFile);
const SCRIPT = fileURLToPath(new URL("load.lua", import.meta.url));
const WARM_UP_S = 1;

const BROWSER_HEADERS = [
  "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
  "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
  "Accept-Language: en-US,en;q=0.9",
  "Accept-Encoding: gzip, deflate, br",
  "Cache-Control: max-age=0",
  "Upgrade-Insecure-Requests: 1",
  "Sec-Fetch-Site: same-origin",
  "Sec-Fetch-Mode: navigate",
  "Sec-Fetch-Dest: document",
];

const BARE = { path: BARE_PATH, headers: [] };

/**
 * The barest request that there is, for data of Uptime Kuma; and a page and a script as a browser asks for them.
 * @type {Record<string, {path: string, headers: string[]}>}
 */
export const WORKLOADS = {
  bare: BARE,
  page: { path: "/dashboard", headers: BROWSER_HEADERS },
  script: { path: "/assets/index.js", headers: BROWSER_HEADERS },
};

/**
 * @typedef {object} Load
 * @property {string} workload a name of WORKLOADS
 * @property {number} seconds
 * @property {number} connections
 * @property {boolean} [close] a connection for each request
 * @property {number} [thinkMs] mean of the random time between two requests of a connection; none by default
 * @property {number} [chosenNodes] browsers that have chosen this many nodes, in turn
 * @property {string} [cores] for the load; that of the backends by default
 *
 * @typedef {{requests: number, seconds: number, rps: number, errors: number, p50_ms: number, p99_ms: number,
 *   p999_ms: number, cpu_us: number}} Sample `cpu_us`: of the target's processes, for a request
 *
 * @typedef {{url: string, pid: number, patience?: number, connections?: number}} Target `pid` of the first of its processes, the others are its
 *   children; `patience`: its rounds take so many times as long; `connections` in place of the load's
 */

/**
 * Puts load on an address once. Latency is measured from when wrk has sent a request: see docs/benchmarks.md.
 * @param {string} url @param {Load} load
 */
export async function measure(url, { workload, seconds, connections, close, thinkMs, chosenNodes, cores }) {
  const { path, headers } = WORKLOADS[workload] ?? BARE;
  const options = ["-t1", `-c${connections}`, `-d${seconds}s`, "--latency", "--timeout", "20s", "-s", SCRIPT];
  const lines = [...headers, ...(close ? ["Connection: close"] : [])].flatMap((header) => ["-H", header]);
  const env = {
    ...process.env,
    ...(thinkMs === undefined ? {} : { BENCH_THINK_MS: String(thinkMs) }),
    ...(chosenNodes === undefined ? {} : { BENCH_NODES: String(chosenNodes) }),
  };
  const args = ["-c", cores ?? OTHER_CORE, "wrk", ...options, ...lines, `${url}${path}`];
  const { stdout } = await run("taskset", args, { env });
  const [, line] = /^JSON (.*)$/m.exec(stdout) ?? [];
  if (line === undefined) throw new Error(`wrk says nothing of ${url}: ${stdout}`);
  /** @type {Omit<Sample, "rps" | "cpu_us">} */
  const sample = JSON.parse(line);
  return { ...sample, rps: sample.requests / sample.seconds };
}

/**
 * Short rounds that go round the targets: other tenants of the machine come and go within seconds, and hit all of a round
 * alike. Warms up first. A round in which no request was answered is a sample like any other.
 * @template {string} Name
 * @param {Record<Name, Target>} targets @param {Load} load @param {number} rounds
 * @returns {Promise<Record<Name, Sample[]>>}
 */
export async function goRound(targets, load, rounds) {
  const names = /** @type {Name[]} */ (Object.keys(targets));
  const samples = /** @type {Record<Name, Sample[]>} */ ({});
  for (const name of names) samples[name] = [];
  const loadOf = (/** @type {Name} */ name, /** @type {number} */ seconds) => ({
    ...load,
    seconds: seconds * (targets[name].patience ?? 1),
    connections: targets[name].connections ?? load.connections,
  });
  for (const name of names) await measure(targets[name].url, loadOf(name, WARM_UP_S));
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      const { url, pid } = targets[name];
      const before = cpuOf(pid);
      const sample = await measure(url, loadOf(name, load.seconds));
      samples[name].push({ ...sample, cpu_us: ((cpuOf(pid) - before) * 1e6) / sample.requests });
    }
  }
  return samples;
}
