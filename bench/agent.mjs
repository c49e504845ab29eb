// What the agent costs: the same Uptime Kuma with the same monitors on a database of its own, side by side, once as it
// is and once with the agent. Both run at the same time, so that other tenants of the machine hit both alike.
//
// Then what a cluster of nodes asks the database beyond Kuma's own statements: a node without monitors of its own looks
// on while another one's beats are written, first without a browser and then with one.
//
// Prints JSON, with --out FILE also into a file. KUMA_DIR takes another Uptime Kuma.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createConnection } from "mysql2/promise";
import { ensureKuma, kumaVersion, startNode } from "../local/kuma.mjs";
import { startMariadb } from "../local/mariadb.mjs";
import { freePort } from "../local/ports.mjs";
import { waitFor } from "../local/processes.mjs";
import { logIn, setUp } from "../test/agent/support/browser.mjs";
import { startTarget } from "../test/agent/support/target.mjs";

const { values: options } = parseArgs({
  options: {
    monitors: { type: "string", default: "500" },
    interval: { type: "string", default: "20" },
    seconds: { type: "string", default: "120" },
    beats: { type: "string", default: "167" },
    part: { type: "string", default: "both" },
    out: { type: "string" },
  },
});
const SECONDS = Number(options.seconds);
const INTERVAL = Number(options.interval);
/** Monitors of another node; at the default rate each beats every six seconds. */
const FOREIGN = 1000;
const file = (/** @type {string} */ path) => JSON.stringify(fileURLToPath(new URL(path, import.meta.url)));
const PROBE = `--require ${file("probe.cjs")}`;
const AGENT = `--require ${file("../agent/dist/register.js")}`;

const dir = mkdtempSync(join(tmpdir(), "bench-"));
/** @type {(() => Promise<unknown>)[]} */
const closers = [async () => rmSync(dir, { recursive: true, force: true })];
const kumaDir = await ensureKuma();
const target = await startTarget();
closers.push(() => target.close());

/** One Uptime Kuma on its own database. @param {string} name @param {{agent: boolean}} settings */
async function startSite(name, { agent }) {
  const home = join(dir, name);
  mkdirSync(home);
  const db = await startMariadb({
    dir: join(home, "db"),
    port: await freePort(),
    password: "secret",
    createDatabase: true,
  });
  closers.push(() => db.kill());
  const sql = async (/** @type {string} */ text) => {
    const output = await db.sql(text, db.name);
    return output
      .trimEnd()
      .split("\n")
      .map((line) => line.split("\t"));
  };
  const probe = join(home, "probe.json");
  const node = async (/** @type {string} */ nodeId) => {
    const nodeEnv = { NODE_OPTIONS: agent ? `${AGENT} ${PROBE}` : PROBE, BENCH_PROBE: probe };
    const port = await freePort();
    const started = await startNode({ kumaDir, dir: join(home, nodeId), port, nodeId, db, agent, env: nodeEnv });
    closers.push(() => started.stop("SIGKILL"));
    await started.ready();
    return started;
  };
  return { sql, target, probe, node, db };
}

/** @param {{probe: string}} site @param {{pid: number}} node */
async function ask(site, node) {
  rmSync(site.probe, { force: true });
  process.kill(node.pid, "SIGUSR2");
  const read = () => JSON.parse(readFileSync(site.probe, "utf8"));
  await waitFor(async () => read() !== undefined, { what: "the probe", timeoutMs: 10000, everyMs: 20 });
  return read();
}

/** @param {{probe: string}} site @param {{pid: number}} node */
async function measure(site, node) {
  const first = await ask(site, node);
  await sleep(SECONDS * 1000);
  const last = await ask(site, node);
  const cpu = ((last.cpu_ms - first.cpu_ms) / (last.at_ms - first.at_ms)) * 100;
  return {
    cpu_percent: cpu,
    rss_mb: last.rss_mb,
    used_mb: last.used_mb,
    delay_p99_ms: last.delay_p99_ms,
    delay_max_ms: last.delay_max_ms,
  };
}

const round = (/** @type {number} */ value) => Math.round(value * 10) / 10;
const rounded = (/** @type {Record<string, number>} */ values) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, round(value)]));

async function cost() {
  const sites = await Promise.all([startSite("plain", { agent: false }), startSite("agent", { agent: true })]);
  const results = await Promise.all(
    sites.map(async (site) => {
      const name = site === sites[1] ? "node1" : "plain";
      let node = await site.node(name);
      await setUp(node);
      const home = site === sites[1] ? "node1" : null;
      await insert(site, Number(options.monitors), INTERVAL, home);
      if (home === null) {
        // Kuma finds monitors at its start only.
        await node.stop();
        node = await site.node("plain2");
      }
      const all = async () =>
        (await site.sql("SELECT COUNT(DISTINCT monitor_id) FROM heartbeat"))[0][0] === options.monitors;
      await waitFor(all, { what: "the first beat of all monitors", timeoutMs: 900_000, everyMs: 1000 });
      return { site, node };
    }),
  );
  await sleep(INTERVAL * 1000);
  const [plain, agent] = await Promise.all(results.map(({ site, node }) => measure(site, node)));
  await Promise.all(results.map(({ node }) => node.stop("SIGKILL")));
  return {
    plain: rounded(plain),
    agent: rounded(agent),
    added_cpu_points: round(agent.cpu_percent - plain.cpu_percent),
    added_used_mb: round(agent.used_mb - plain.used_mb),
  };
}

/**
 * @param {{sql: (text: string) => Promise<string[][]>}} site @param {number} count @param {number} interval
 * @param {string | null} home null on a database that no agent has seen
 */
async function insert(site, count, interval, home) {
  const names = Array.from({ length: count }, (_, index) => `m${index}`);
  const rows = names.map(
    (name) =>
      `('${name}', 'http', '${target.url}/${name}', ${interval}, 1, 1, 'GET', '["200-299"]', 0, ${interval}${home === null ? "" : `, '${home}'`})`,
  );
  await site.sql(`INSERT INTO monitor (name, type, url, \`interval\`, user_id, active, method, accepted_statuscodes_json,
    maxretries, retry_interval${home === null ? "" : ", node_id"}) VALUES ${rows.join(",")}`);
}

async function looksOn() {
  const site = await startSite("cluster", { agent: true });
  const node = await site.node("node1");
  await setUp(node);
  await site.sql(
    "INSERT INTO node (node_id, host, status, last_seen) VALUES ('ghost', '127.0.0.1:9', 'online', NOW())",
  );
  await insert(site, FOREIGN, 60, "ghost");
  const perSecond = Number(options.beats);
  const { host, port, user, password, name: database } = site.db;
  const writer = await createConnection({ host, port, user, password, database });
  // One statement for each tenth of a second's beats, as if they came from many nodes.
  let stopped = false;
  const writing = (async () => {
    for (let index = 0; !stopped; index++) {
      const from = 1 + ((index * Math.round(perSecond / 10)) % (FOREIGN - 20));
      await writer.query(`INSERT INTO heartbeat (monitor_id, status, time, ping, important, duration)
        SELECT id, 1, UTC_TIMESTAMP(), 20, 0, 60 FROM monitor WHERE id >= ${from} LIMIT ${Math.round(perSecond / 10)}`);
      await sleep(90);
    }
  })();
  const questions = async () => Number((await site.sql("SHOW GLOBAL STATUS LIKE 'Questions'"))[0][1]);
  const window = async () => {
    const before = [await questions(), Number((await site.sql("SELECT COUNT(*) FROM heartbeat"))[0][0]), Date.now()];
    const measured = await measure(site, node);
    const after = [await questions(), Number((await site.sql("SELECT COUNT(*) FROM heartbeat"))[0][0]), Date.now()];
    const seconds = (after[2] - before[2]) / 1000;
    // The writer asks once for each of its rows, and each look of this bench once.
    const written = after[1] - before[1];
    const own = written / Math.round(perSecond / 10) + 3;
    return {
      statements_per_second: round((after[0] - before[0] - own) / seconds),
      beats_per_second: round(written / seconds),
      ...rounded(measured),
    };
  };
  await sleep(15_000);
  const alone = await window();
  const browser = await logIn(node);
  let shown = 0;
  browser.on("heartbeat", () => shown++);
  await sleep(10_000);
  shown = 0;
  const began = Date.now();
  const watched = await window();
  const seen = round(shown / ((Date.now() - began) / 1000));
  stopped = true;
  await writing;
  await writer.end();
  browser.disconnect();
  return { without_browser: alone, with_browser: { ...watched, beats_shown_per_second: seen } };
}

try {
  const result = {
    benchmark: "agent",
    kuma: kumaVersion(kumaDir),
    settings: options,
    cost: options.part === "relay" ? undefined : await cost(),
    relay: options.part === "cost" ? undefined : await looksOn(),
  };
  const text = JSON.stringify(result, undefined, 2);
  console.log(text);
  if (options.out !== undefined) writeFileSync(options.out, `${text}\n`);
} finally {
  for (const close of closers.reverse()) await close().catch(() => undefined);
}
process.exit(0);
