import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { waitFor } from "../../local/processes.mjs";
import { ask, connect, logIn, newMonitor, setUp } from "./support/browser.mjs";
import { health, startCluster, untilSql } from "./support/cluster.mjs";
import { beats } from "./support/monitors.mjs";

/** Rounds of a race between an edit and a move. */
const RACES = process.env.CLUSTER_ACCEPTANCE === "1" ? 1000 : 60;

/** @type {import("./support/cluster.mjs").Cluster} */
let cluster;
/** @type {Record<string, import("socket.io-client").Socket>} */
const browsers = {};

before(async () => {
  cluster = await startCluster();
});

after(async () => {
  for (const browser of Object.values(browsers)) browser.disconnect();
  await cluster?.close();
});

/** @param {number} id */
async function ownerOf(id) {
  return (await cluster.sql(`SELECT owner_node FROM monitor WHERE id = ${id}`))[0]?.[0];
}

/** Adds a monitor on one node and tells which node owns it. @param {string} node @param {string} path */
async function add(node, path) {
  const answer = await ask(browsers[node], "add", newMonitor({ name: path, url: cluster.target.url + path }));
  assert.equal(answer.ok, true, JSON.stringify(answer));
  const id = Number(answer.monitorID);
  const hasOwner = async () => (await ownerOf(id)) !== "NULL";
  await waitFor(hasOwner, { what: `an owner of monitor ${id}` });
  return { id, owner: String(await ownerOf(id)) };
}

/** A node other than this one. @param {string} nodeId */
function another(nodeId) {
  return nodeId === "node1" ? "node2" : "node1";
}

/** @param {string} path @param {number} count */
function untilHits(path, count) {
  return waitFor(() => cluster.target.times(path).length >= count, {
    what: `${count} checks of ${path}`,
    timeoutMs: 8000,
  });
}

test("set-ups on two nodes at once make one user, and every node knows of it", async () => {
  const answers = await Promise.all([setUp(cluster.nodes[0]), setUp(cluster.nodes[1])]);
  assert.deepEqual(answers.map((answer) => answer.ok).sort(), [false, true]);
  assert.deepEqual(await cluster.sql("SELECT COUNT(*) FROM user"), [["1"]]);
  for (const node of cluster.nodes) {
    const socket = await connect(node);
    let sentToSetup = false;
    socket.on("setup", () => (sentToSetup = true));
    assert.equal(await ask(socket, "needSetup"), false, node.node_id);
    await sleep(200);
    assert.equal(sentToSetup, false);
    socket.disconnect();
    browsers[node.node_id] = await logIn(node);
  }
});

test("a login token of one node is good at the others", async () => {
  const socket = await connect(cluster.nodes[0]);
  const { token } = await ask(socket, "login", { username: "admin", password: "Correct-Horse-7", token: "" });
  const other = await connect(cluster.nodes[2]);
  assert.equal((await ask(other, "loginByToken", token)).ok, true);
  socket.disconnect();
  other.disconnect();
});

test("session ids and a cookie carry the node id, over polling, upgrades and plain websockets", async () => {
  const [node] = cluster.nodes;
  const answer = await fetch(`${node.url}/socket.io/?EIO=4&transport=polling`);
  assert.match(await answer.text(), /"sid":"node1\./);
  assert.equal(answer.headers.get("set-cookie"), "kuma_node=node1; Path=/; HttpOnly; SameSite=Lax");
  const plain = await connect(node, { transports: ["websocket"] });
  assert.match(String(plain.io.engine.id), /^node1\./);
  plain.disconnect();
  const polling = await connect(node, { transports: ["polling"] });
  assert.equal(await ask(polling, "needSetup"), false);
  polling.disconnect();
  const upgraded = await connect(node, { transports: ["polling", "websocket"] });
  await waitFor(() => upgraded.io.engine.transport.name === "websocket", { what: "the upgrade" });
  assert.equal(await ask(upgraded, "needSetup"), false);
  upgraded.disconnect();
});

test("a monitor that is added on any node gets a home and its first beat within seconds", async () => {
  /** @type {any[]} */
  const shown = [];
  browsers.node1.on("heartbeat", (beat) => shown.push(beat));
  const { id, owner } = await add("node2", "/first");
  assert.equal(owner, "node1", "all have none, so the first by its id");
  await untilSql(cluster, `SELECT COUNT(*) FROM heartbeat WHERE monitor_id = ${id}`, "1", 5000);
  assert.equal(cluster.target.times("/first").length, 1);
  await waitFor(() => shown.length > 0, { what: "the beat in the owner's browser", timeoutMs: 1000 });
  assert.deepEqual([shown[0].monitorID, shown[0].status], [id, 1]);
  await ask(browsers.node2, "deleteMonitor", id);
});

test("thirty monitors that are added quickly are spread ten to a node", async () => {
  await Promise.all(Array.from({ length: 30 }, (_, index) => add("node3", `/quick${index}`)));
  const counts = await cluster.sql("SELECT owner_node, COUNT(*) FROM monitor GROUP BY owner_node ORDER BY owner_node");
  assert.deepEqual(counts, [
    ["node1", "10"],
    ["node2", "10"],
    ["node3", "10"],
  ]);
  await waitFor(
    async () => (await Promise.all(cluster.nodes.map(health))).every((body) => body.monitors_running === 10),
    { what: "each node to run its ten", timeoutMs: 10000 },
  );
  await untilSql(cluster, "SELECT COUNT(DISTINCT monitor_id) FROM heartbeat", "30", 10000);
  const { monitors_assigned: assigned } = await health(cluster.nodes[0]);
  assert.equal(assigned, 10);
  await cluster.sql("DELETE FROM monitor");
});

test("a monitor is edited, paused, resumed and deleted through a node that does not run it", async () => {
  const { id, owner } = await add("node1", "/old");
  const browser = browsers[another(owner)];
  await untilHits("/old", 1);

  const edited = { ...newMonitor({ name: "edited", url: `${cluster.target.url}/new` }), id };
  assert.equal((await ask(browser, "editMonitor", edited)).ok, true);
  await untilHits("/new", 1);
  assert.equal(await ownerOf(id), owner, "an edit does not move it");

  assert.equal((await ask(browser, "pauseMonitor", id)).ok, true);
  await waitFor(async () => (await health(cluster.nodes[0])).monitors_running === 0, { what: "the pause" });
  const paused = cluster.target.times("/new").length;
  await sleep(1500);
  assert.equal(cluster.target.times("/new").length, paused);

  assert.equal((await ask(browser, "resumeMonitor", id)).ok, true);
  await untilHits("/new", paused + 1);
  assert.equal(cluster.target.times("/old").length, 1, "the old address is not checked again");

  assert.equal((await ask(browser, "deleteMonitor", id)).ok, true);
  const running = async () => (await Promise.all(cluster.nodes.map(health))).map((body) => body.monitors_running);
  await waitFor(async () => (await running()).every((count) => count === 0), {
    what: "the end of it",
    timeoutMs: 3000,
  });
  assert.deepEqual(await beats(cluster, id), []);
});

test("what a user has Kuma start is checked once, though its node sees it in the database before", async (t) => {
  const webhook = { name: "hook", type: "webhook", isDefault: false, applyExisting: false };
  const hook = { webhookURL: `${cluster.target.url}/hook`, webhookContentType: "json", httpMethod: "post" };
  const { id: alert } = await ask(browsers.node1, "addNotification", { ...webhook, ...hook }, null);
  t.after(() => cluster.sql("DROP TRIGGER slow_link; DROP TRIGGER IF EXISTS adopted; DELETE FROM monitor"));
  // Kuma links alerts after it has stored a monitor, and before it starts it.
  await cluster.sql(
    "CREATE TRIGGER slow_link BEFORE INSERT ON monitor_notification FOR EACH ROW SET @slept = SLEEP(2.5)",
  );
  const monitor = (/** @type {string} */ path) =>
    newMonitor({ name: path, url: cluster.target.url + path, notificationIDList: { [alert]: true } });
  const change = async (/** @type {string} */ event, /** @type {object} */ settings) => {
    const { ok, monitorID } = await ask(browsers.node1, event, settings);
    assert.equal(ok, true);
    return Number(monitorID);
  };
  const assertChecked = async (/** @type {string} */ path, /** @type {number} */ times) => {
    await untilHits(path, times);
    await sleep(1500);
    assert.equal(cluster.target.times(path).length, times);
  };

  // A load balancer gives it a node after this one has seen it without any.
  const adding = change("add", monitor("/homeless"));
  await untilSql(cluster, "SELECT COUNT(*) FROM monitor", "1");
  await sleep(1200);
  await cluster.sql("UPDATE monitor SET node_id = 'node1'");
  const id = await adding;
  await assertChecked("/homeless", 1);
  // Another one has its node before this one sees it.
  await cluster.sql("CREATE TRIGGER adopted BEFORE INSERT ON monitor FOR EACH ROW SET NEW.node_id = 'node1'");
  await change("add", monitor("/adopted"));
  await assertChecked("/adopted", 1);

  await change("editMonitor", { ...monitor("/homeless"), id, maxretries: 3 });
  await assertChecked("/homeless", 2);
  assert.equal((await beats(cluster, id)).length, 2);
});

test("a monitor is changed by SQL and its owner follows", async () => {
  const { id } = await add("node1", "/sql");
  await untilHits("/sql", 1);
  await cluster.sql(`UPDATE monitor SET url = '${cluster.target.url}/sql2' WHERE id = ${id}`);
  await untilHits("/sql2", 1);
  await cluster.sql(`DELETE FROM monitor WHERE id = ${id}`);
});

test("what a check writes into its own row does not restart the monitor", async () => {
  const { id } = await add("node1", "/result");
  await untilHits("/result", 1);
  for (const answer of ["1.1.1.1", "2.2.2.2", "3.3.3.3"]) {
    await cluster.sql(`UPDATE monitor SET dns_last_result = '${answer}' WHERE id = ${id}`);
    await sleep(1100);
  }
  assert.equal(cluster.target.times("/result").length, 1);
  await cluster.sql(`DELETE FROM monitor WHERE id = ${id}`);
});

test("a load balancer's moves and a user's edits of one monitor do not undo each other", async () => {
  const { id } = await add("node1", "/both");
  const edits = (async () => {
    for (let round = 0; round < RACES; round++) {
      const edited = { ...newMonitor({ name: `round ${round}`, url: `${cluster.target.url}/both` }), id };
      assert.equal((await ask(browsers.node3, "editMonitor", edited)).ok, true);
    }
  })();
  for (let round = 0; round < RACES; round++) {
    const node = `node${(round % 3) + 1}`;
    await cluster.sql(`UPDATE monitor SET assigned_node = '${node}' WHERE id = ${id}`);
    await sleep(20);
    assert.equal(await ownerOf(id), node);
  }
  await edits;
  const rows = await cluster.sql(`SELECT name, assigned_node FROM monitor WHERE id = ${id}`);
  assert.deepEqual(rows, [[`round ${RACES - 1}`, `node${((RACES - 1) % 3) + 1}`]]);
  await cluster.sql(`DELETE FROM monitor WHERE id = ${id}`);
});

test("storing a row writes only the columns that were changed", async () => {
  await cluster.db.sql("SET GLOBAL log_output = 'TABLE'; SET GLOBAL general_log = 1");
  for (const searchEngineIndex of [false, true]) {
    const settings = { searchEngineIndex, entryPage: "dashboard" };
    assert.equal((await ask(browsers.node2, "setSettings", settings, "")).ok, true);
  }
  await cluster.db.sql("SET GLOBAL general_log = 0");
  const rows = await cluster.db.sql(
    "SELECT argument FROM mysql.general_log WHERE argument LIKE 'update `setting` set%'",
  );
  assert.match(rows, /`value` = /);
  assert.doesNotMatch(rows, /`key` = /);
});

test("an edit does not touch the columns of the cluster", async () => {
  const { id, owner } = await add("node1", "/rename");
  await cluster.sql(`UPDATE monitor SET assigned_node = '${another(owner)}' WHERE id = ${id}`);
  const edited = { ...newMonitor({ name: "renamed", url: `${cluster.target.url}/rename` }), id };
  assert.equal((await ask(browsers.node3, "editMonitor", edited)).ok, true);
  const rows = await cluster.sql(`SELECT name, node_id, assigned_node FROM monitor WHERE id = ${id}`);
  assert.deepEqual(rows, [["renamed", owner, another(owner)]]);
  await cluster.sql("DELETE FROM monitor");
});
