import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { AGENT } from "../../local/kuma.mjs";
import { isAlive, waitFor } from "../../local/processes.mjs";
import { setUp } from "./support/browser.mjs";
import { health, startSite, untilSql } from "./support/cluster.mjs";

/** @type {import("./support/cluster.mjs").Site} */
let site;

before(async () => {
  site = await startSite();
});

after(() => site?.close());

/**
 * The node ends, and its log says this.
 * @param {{pid: number, log: string, node_id: string}} node @param {RegExp} reason @param {RegExp} [never]
 */
async function assertRefuses(node, reason, never = /Listening on|is registered at/) {
  await waitFor(() => !isAlive(node.pid), { what: `the end of ${node.node_id}`, timeoutMs: 60000 });
  const log = readFileSync(node.log, "utf8");
  assert.match(log, reason);
  assert.doesNotMatch(log, never);
}

/** A copy of Kuma's server with one file changed; all else is linked. @param {string} file @param {RegExp} from @param {string} to */
function changedKuma(file, from, to) {
  const dir = join(site.dir, "changed", basename(file, ".js"), "kuma");
  mkdirSync(dir, { recursive: true });
  for (const name of readdirSync(site.kumaDir)) {
    if (name === "server") cpSync(join(site.kumaDir, name), join(dir, name), { recursive: true });
    else symlinkSync(join(site.kumaDir, name), join(dir, name));
  }
  // The npm package has its dependencies beside it.
  if (basename(dirname(site.kumaDir)) === "node_modules") symlinkSync(dirname(site.kumaDir), join(dir, "node_modules"));
  const path = join(dir, "server", file);
  const text = readFileSync(path, "utf8");
  assert.match(text, from);
  writeFileSync(path, text.replace(from, to));
  return dir;
}

test("three nodes that start at once on a server without the database all live", async () => {
  const nodes = await Promise.all(["node1", "node2", "node3"].map((id) => site.node(id)));
  await Promise.all(nodes.map((node) => node.ready()));
  assert.deepEqual(await site.sql("SELECT COUNT(*) FROM setting WHERE `key` = 'jwtSecret'"), [["1"]]);
  const rows = await site.sql("SELECT node_id, status, is_primary, version FROM node ORDER BY node_id");
  const { version } = await health(nodes[0]);
  assert.deepEqual(rows, [
    ["node1", "recovering", "1", version],
    ["node2", "recovering", "0", version],
    ["node3", "recovering", "0", version],
  ]);
  assert.deepEqual(await site.sql("SELECT session, epoch FROM cluster_lease WHERE name = 'boot'"), [["", "3"]]);
  await setUp(nodes[0]);
  await nodes[2].stop("SIGKILL");
});

test("health says which process answers and that it is well", async () => {
  const [row] = await site.sql("SELECT SUBSTRING_INDEX(host, ':', -1), boot_id FROM node WHERE node_id = 'node1'");
  const body = await health({ url: `http://127.0.0.1:${row[0]}` });
  assert.equal(body.status, "ok");
  assert.equal(body.node_id, "node1");
  assert.equal(body.boot_id, row[1]);
  assert.equal(body.db, "ok");
  assert.equal(body.monitors_running, 0);
  assert.equal(typeof body.event_loop_lag_ms, "number");
});

test("a second process with the id of a living node is refused", async () => {
  const twin = await site.node("node1", { folder: "twin" });
  await assertRefuses(
    twin,
    /ERROR: this node cannot be clustered: a process at 127\.0\.0\.1:\d+ already runs as node node1/,
  );
});

test("a process whose id another one has taken ends itself", async () => {
  const node = await site.node("node4");
  await node.ready();
  await site.sql("UPDATE node SET boot_id = 'another' WHERE node_id = 'node4'");
  await waitFor(() => !isAlive(node.pid), { what: "its end", timeoutMs: 5000 });
  assert.match(readFileSync(node.log, "utf8"), /another process started as node node4/);
});

test("a node waits for the boot lease of one that was killed, and no longer", async () => {
  const renew = "UPDATE cluster_lease SET holder = 'dead', session = 'x', renewed_at = NOW(6) WHERE name = 'boot'";
  await site.sql(renew);
  const node = await site.node("node5");
  // It is renewed until the node asks for it, however long the node takes to come so far.
  const isWaiting = async () => {
    await site.sql(renew);
    return readFileSync(node.log, "utf8").includes("waiting for the boot lease, held by dead");
  };
  await waitFor(isWaiting, {
    what: "a node that waits for the lease",
    pid: node.pid,
    log: node.log,
    timeoutMs: 120000,
  });
  const [[killed = ""] = []] = await site.sql("SELECT renewed_at FROM cluster_lease WHERE name = 'boot'");
  const waited = `SELECT TIMESTAMPDIFF(MICROSECOND, '${killed}', renewed_at) FROM cluster_lease
    WHERE name = 'boot' AND holder <> 'dead'`;
  const taken = async () => (await site.sql(waited))[0]?.[0];
  const microseconds = await waitFor(taken, { what: "the lease of the node", everyMs: 20 });
  assert.ok(Number(microseconds) > 14e6 && Number(microseconds) < 30e6, `${microseconds} µs`);
  await node.ready();
  await node.stop("SIGKILL");
});

test("nodes that cannot be clustered refuse to start and say why", async () => {
  const hook = changedKuma("model/monitor.js", /isImportantBeat\(/g, "isWorthABeat(");
  const [sqlite, embedded, settings, changed] = await Promise.all([
    site.node("sqlite", { env: { UPTIME_KUMA_DB_TYPE: "sqlite" } }),
    site.node("embedded", { env: { UPTIME_KUMA_DB_TYPE: "embedded-mariadb" } }),
    site.node("settings", { env: { UPTIME_KUMA_NODE_ID: "no spaces", CLUSTER_POLL_MS: "soon" } }),
    site.node("changed", { kumaDir: hook }),
  ]);
  await assertRefuses(sqlite, /cannot be clustered: its database is of the type "sqlite"/);
  await assertRefuses(embedded, /cannot be clustered: its database is of the type "embedded-mariadb"/);
  await assertRefuses(
    settings,
    /UPTIME_KUMA_NODE_ID="no spaces" is not valid[^\n]*\n[^\n]*CLUSTER_POLL_MS="soon" is not valid/,
  );
  const { version } = await health({
    url: `http://${(await site.sql("SELECT host FROM node WHERE node_id = 'node1'"))[0][0]}`,
  });
  const reason = `Uptime Kuma ${version}: the hook for model/monitor.js does not fit: isImportantBeat is not a function`;
  await assertRefuses(changed, new RegExp(`cannot be clustered: ${reason.replaceAll(".", "\\.")}`));
});

test("an optional hook that does not fit leaves Kuma as it was", async () => {
  const modern = readdirSync(join(site.kumaDir, "server")).includes("uptime-calculator.js");
  const kumaDir = modern
    ? changedKuma("uptime-calculator.js", /static async remove\(/, "static async drop(")
    : changedKuma("uptime-cache-list.js", /clearCache\(/g, "dropCache(");
  const node = await site.node("optional", { kumaDir });
  await node.ready();
  assert.match(
    readFileSync(node.log, "utf8"),
    /WARN: Uptime Kuma \S+ the hook for uptime-\S+ does not fit: .*stays as it is/,
  );
  await node.stop("SIGKILL");
});

test("in any other process the agent does nothing", () => {
  const options = { env: { ...process.env, NODE_OPTIONS: `--require ${JSON.stringify(AGENT)}` }, encoding: "utf8" };
  const script =
    "new (require('worker_threads').Worker)('console.log(Object.keys(process.env).length > 0)', { eval: true })";
  const child = spawnSync(process.execPath, ["-e", script], /** @type {{encoding: "utf8"}} */ (options));
  assert.deepEqual([child.stdout, child.stderr, child.status], ["true\n", "", 0]);
});

test("CLUSTER_DISABLE=1 leaves Kuma alone", async () => {
  const node = await site.node("plain", { env: { CLUSTER_DISABLE: "1" } });
  const answers = async () => (await fetch(`${node.url}/api/v1/health`)).headers.get("content-type")?.includes("html");
  await waitFor(answers, { what: "an unclustered Kuma", timeoutMs: 60000 });
  assert.doesNotMatch(readFileSync(node.log, "utf8"), /\[CLUSTER\]/);
  await node.stop("SIGKILL");
});

test("a database that does not answer ends the start instead of leaving it half done", async () => {
  const node = await site.node("nowhere", { env: { UPTIME_KUMA_NODE_ID: "nowhere" }, database: { port: 1 } });
  await assertRefuses(node, /ERROR: cannot start: .*ECONNREFUSED/);
});

test("a clock that is far from the database's is refused", async () => {
  await site.db.sql("SET GLOBAL init_connect = 'SET timestamp = UNIX_TIMESTAMP() + 5'");
  const node = await site.node("clock");
  await assertRefuses(node, /cannot be clustered: this host's clock is \d{4} ms behind the database's/);
  await site.db.sql("SET GLOBAL init_connect = ''");
});

test("a node whose port is taken ends, and does not keep the others from starting", async () => {
  const port = Number(new URL(site.target.url).port);
  const node = await site.node("taken", { port });
  await waitFor(() => !isAlive(node.pid), { what: "its end", timeoutMs: 60000 });
  assert.match(readFileSync(node.log, "utf8"), /ERROR: cannot start: listen EADDRINUSE/);
  assert.deepEqual(await site.sql("SELECT status FROM node WHERE node_id = 'taken'"), [["offline"]]);

  await site.db.sql("DROP DATABASE kuma");
  const first = await site.node("first", { port });
  await assertRefuses(first, /ERROR: cannot start: listen EADDRINUSE/, /Listening on/);
  await untilSql(site, "SELECT session FROM cluster_lease WHERE name = 'boot'", "");
});

test("tables that a crash left half-made are named instead of used", async () => {
  await site.db.sql(
    "DROP DATABASE kuma; CREATE DATABASE kuma; CREATE TABLE kuma.docker_host (id INT); CREATE TABLE kuma.user (id INT)",
  );
  const node = await site.node("half");
  await assertRefuses(
    node,
    /first start of a node did not finish: 2 of Uptime Kuma's tables are there, 17 are missing/,
  );
  await untilSql(site, "SELECT session FROM cluster_lease WHERE name = 'boot'", "");
});
