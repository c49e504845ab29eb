import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { waitFor } from "../../local/processes.mjs";
import { makeKey, send } from "./support/api.mjs";
import { setUp } from "./support/browser.mjs";
import { health, startCluster, untilSql } from "./support/cluster.mjs";

/** @type {import("./support/cluster.mjs").Cluster} */
let cluster;
let key = "";
let isOld = false;

before(async () => {
  cluster = await startCluster({ nodes: 2 });
  await setUp(cluster.nodes[0]);
  // A node that was asked before there was a key knows of it at once all the same.
  const early = await send(cluster.nodes[1], "GET", "/monitors", { headers: { Authorization: "uk1_x" } });
  assert.equal(early.json.error, "api_keys_not_enabled");
  key = await makeKey(cluster.nodes[0]);
  isOld = (await health(cluster.nodes[0])).version.startsWith("2.0.0");
});

after(() => cluster?.close());

/** @param {string} method @param {string} path @param {unknown} [body] @param {number} [node] 1 or 2 */
function call(method, path, body, node = 1) {
  return send(cluster.nodes[node - 1], method, path, { body, headers: { Authorization: `Bearer ${key}` } });
}

/** Adds a monitor and returns it. @param {Record<string, unknown>} fields */
async function add(fields) {
  const answer = await call("POST", "/monitors", fields);
  assert.equal(answer.status, 201, answer.text);
  assert.equal(answer.headers.location, `/api/v1/monitors/${answer.json.id}`);
  return answer.json;
}

/** Adds an HTTP monitor of a path of the target. @param {string} path @param {Record<string, unknown>} [fields] */
const addHttp = (path, fields = {}) => add({ type: "http", name: path, url: cluster.target.url + path, ...fields });

/** @param {string} path @param {number} count @param {number} [timeoutMs] */
function untilHits(path, count, timeoutMs = 2000) {
  const what = `${count} checks of ${path}`;
  return waitFor(() => cluster.target.times(path).length >= count, { what, timeoutMs, everyMs: 20 });
}

/** The node that does not run a monitor. @param {{owner_node: string}} monitor */
const stranger = (monitor) => (monitor.owner_node === "node1" ? 2 : 1);

/** @param {Awaited<ReturnType<typeof call>>} answer @param {number} status @param {string} code @param {string[]} [fields] */
function assertError(answer, status, code, fields) {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.json.error, code, answer.text);
  assert.equal(typeof answer.json.message, "string");
  if (fields !== undefined) assert.deepEqual(answer.json.fields, fields);
}

test("new monitors go to the node with the fewest, which checks them within two seconds", async () => {
  const monitors = [await addHttp("/first"), await addHttp("/second")];
  assert.deepEqual(monitors.map((monitor) => monitor.owner_node).sort(), ["node1", "node2"]);
  assert.deepEqual(monitors[0].node_id, monitors[0].owner_node);
  assert.equal(monitors[0].assigned_node, null);
  await Promise.all([untilHits("/first", 1), untilHits("/second", 1)]);
});

test("a monitor of each type needs only what nobody can guess, and can be sent back as it is shown", async () => {
  const types = {
    http: { url: "http://127.0.0.1:1/" },
    keyword: { url: "http://127.0.0.1:1/", keyword: "x", headers: { "X-A": "1" } },
    "json-query": { url: "http://127.0.0.1:1/", expectedValue: "1" },
    ping: { hostname: "127.0.0.1" },
    port: { hostname: "127.0.0.1", port: 1 },
    push: {},
    group: {},
    dns: { hostname: "localhost" },
    mysql: { databaseConnectionString: "mysql://127.0.0.1:1" },
    ...(isOld ? {} : { "websocket-upgrade": { url: "ws://127.0.0.1:1" }, manual: { manual_status: 1 } }),
  };
  for (const [type, fields] of Object.entries(types)) {
    const monitor = await add({ type, name: type, active: false, ...fields });
    assert.equal(monitor.active, false);
    const path = `/monitors/${monitor.id}`;
    for (const method of ["PUT", "PATCH"]) {
      const answer = await call(method, path, monitor, 2);
      // 2.0.0-dev.0 starts a monitor that is edited while it is paused, and so it has a home then.
      const home = isOld ? { node_id: answer.json.node_id, owner_node: answer.json.owner_node } : {};
      assert.deepEqual(answer.json, { ...monitor, ...home }, `${method} of ${type}`);
      Object.assign(monitor, home);
    }
  }
  const { monitors } = (await call("GET", "/monitors?active=0")).json;
  /** @param {string} type */
  const find = (type) => monitors.find((/** @type {{type: string}} */ monitor) => monitor.type === type);
  assert.equal(find("dns").port, 53);
  assert.equal(find("ping").timeout, 10);
  assert.equal(find("http").timeout, 48);
  assert.match(find("push").pushToken, /^\w{20,32}$/);
  assert.deepEqual(JSON.parse(find("keyword").headers), { "X-A": "1" });
  if (!isOld) assert.deepEqual(find("websocket-upgrade").accepted_statuscodes, ["1000"]);
  if (!isOld) assert.deepEqual(await cluster.sql("SELECT manual_status FROM monitor WHERE type = 'manual'"), [["1"]]);
});

test("a monitor that Uptime Kuma could not store is refused with the reason", async () => {
  /** @param {Record<string, unknown>} body */
  const post = (body) => call("POST", "/monitors", { type: "http", name: "refused", url: "http://x", ...body });
  assertError(await post({ colour: "red", __proto__x: 1 }), 400, "unknown_field", ["colour", "__proto__x"]);
  assertError(await post({ node_id: "node2" }), 400, "read_only_field", ["node_id"]);
  assertError(await post({ user_id: 7, assignedNode: "x" }), 400, "read_only_field", ["user_id", "assignedNode"]);
  assertError(await post({ name: undefined }), 400, "missing_field", ["name"]);
  assertError(await post({ name: " " }), 400, "missing_field", ["name"]);
  assertError(await post({ type: "telepathy" }), 400, "unknown_type", ["type"]);
  assertError(await post({ interval: 0 }), 400, "invalid_monitor");
  assertError(await post({ interval: "often" }), 400, "invalid_value", ["interval"]);
  assertError(await post({ accepted_statuscodes: "200" }), 400, "invalid_value", ["accepted_statuscodes"]);
  assertError(await post({ accepted_statuscodes: [200] }), 400, "invalid_monitor");
  assertError(await post({ url: { a: 1 } }), 400, "invalid_value", ["url"]);
  assertError(await post({ name: "x".repeat(200) }), 400, "invalid_value", ["name"]);
  assertError(await post({ notificationIDList: [77] }), 400, "unknown_reference", ["notificationIDList"]);
  assertError(await post({ parent: 77777 }), 400, "unknown_reference", ["parent"]);
  assertError(await post({ proxyId: 77777 }), 400, "unknown_reference", ["proxy_id"]);
  assertError(await post({ tags: [{ name: "none" }] }), 400, "unknown_reference", ["tags"]);
  assert.deepEqual(await cluster.sql("SELECT COUNT(*) FROM monitor WHERE name LIKE 'refused%'"), [["0"]]);
  assert.doesNotMatch((await post({ proxyId: 77777 })).text, /insert into|stack/i);
});

test("a change through the other node reaches the owner within two seconds and touches nothing else", async () => {
  const monitor = await addHttp("/before", { description: "kept", maxretries: 3 });
  await untilHits("/before", 1);
  const path = `/monitors/${monitor.id}`;
  const answer = await call("PATCH", path, { url: `${cluster.target.url}/after` }, stranger(monitor));
  assert.deepEqual(answer.json, { ...monitor, url: `${cluster.target.url}/after` });
  await untilHits("/after", 1);
  assert.equal(cluster.target.times("/before").length, 1);

  const unchangeable = isOld ? { kafkaProducerSsl: true } : { snmp_v3_username: "x" };
  assertError(await call("PATCH", path, unchangeable), 400, "not_changed", Object.keys(unchangeable));
  assertError(await call("PATCH", path, { id: 1 }), 400, "read_only_field", ["id"]);
  assertError(await call("PATCH", path, { weight: 1 }), 400, "read_only_field", ["weight"]);
  assertError(await call("PATCH", path, { parent: monitor.id }), 400, "unknown_reference", ["parent"]);
  assertError(await call("PATCH", path, { name: "" }), 400, "missing_field", ["name"]);
  assertError(await call("PATCH", "/monitors/77777", { name: "x" }), 404, "monitor_not_found");

  const names = { type: "http", name: "replaced", url: monitor.url };
  const replaced = (await call("PUT", path, names)).json;
  assert.equal(replaced.name, "replaced");
  assert.equal(replaced.description, null);
  assert.equal(replaced.maxretries, 0);
  assertError(await call("PUT", path, { name: "x" }), 400, "missing_field", ["type"]);
});

test("a monitor that becomes one of another type gets what this type needs", async () => {
  const { id } = await addHttp("/type", { active: false, interval: 30 });
  const changed = (await call("PATCH", `/monitors/${id}`, { type: "push" })).json;
  assert.match(changed.pushToken, /^\w{20,32}$/);
  assert.equal(changed.interval, 30);
  assert.equal((await call("PATCH", `/monitors/${id}`, { type: "dns", hostname: "localhost" })).json.port, 53);
  assert.equal((await call("PATCH", `/monitors/${id}`, { type: "dns" })).json.pushToken, changed.pushToken);
});

test("changes of one monitor at the same time all arrive, whichever node they come to", async () => {
  const { id } = await addHttp("/together", { active: false });
  const changes = [{ description: "a" }, { maxretries: 4 }, { interval: 77 }, { keyword: "b" }];
  await Promise.all(changes.map((change, index) => call("PATCH", `/monitors/${id}`, change, 1 + (index % 2))));
  const { description, maxretries, interval, keyword } = (await call("GET", `/monitors/${id}`)).json;
  assert.deepEqual({ description, maxretries, interval, keyword }, Object.assign({}, ...changes));
});

test("a monitor is paused, changed while it is paused, resumed and deleted through the other node", async () => {
  const monitor = await addHttp("/switched");
  await untilHits("/switched", 1);
  const path = `/monitors/${monitor.id}`;
  const other = stranger(monitor);
  const running = async () => (await health(cluster.nodes[2 - other])).monitors_running;
  const before = await running();
  assert.equal((await call("POST", `${path}/pause`, undefined, other)).json.active, false);
  await waitFor(async () => (await running()) === before - 1, { what: "its end", timeoutMs: 2000 });
  assert.equal((await call("PATCH", path, { description: "paused" }, other)).json.active, false);
  await untilSql(cluster, `SELECT active FROM monitor WHERE id = ${monitor.id}`, "0");
  const hits = cluster.target.times("/switched").length;
  assert.equal((await call("POST", `${path}/resume`, undefined, other)).json.active, true);
  await untilHits("/switched", hits + 1);
  assert.equal((await call("PATCH", path, { active: false })).json.active, false);
  assert.equal((await call("PATCH", path, { active: true })).json.active, true);
  assert.deepEqual((await call("DELETE", path, undefined, other)).json, { id: monitor.id, deleted: true });
  await waitFor(async () => (await running()) === before - 1, { what: "its end", timeoutMs: 2000 });
  for (const method of ["GET", "DELETE"]) assertError(await call(method, path), 404, "monitor_not_found");
  assertError(await call("POST", `${path}/pause`), 404, "monitor_not_found");
});

test("monitors are listed in parts and by what they are", async () => {
  await cluster.sql("INSERT INTO tag (name, color) VALUES ('blue', '#00f')");
  for (const name of ["list 1", "list_2", "list 3"]) {
    await add({ type: "push", name, active: false, tags: name === "list 3" ? [{ name: "blue", value: "v" }] : [] });
  }
  const names = async (/** @type {string} */ query) => {
    const { json } = await call("GET", `/monitors?${query}`);
    return json.monitors.map((/** @type {{name: string}} */ monitor) => monitor.name);
  };
  assert.deepEqual(await names("name=list"), ["list 1", "list_2", "list 3"]);
  assert.deepEqual(await names("name=list_"), ["list_2"], "a wildcard of SQL is none here");
  assert.deepEqual(await names("tag=blue"), ["list 3"]);
  assert.deepEqual(await names("type=push&name=list&limit=1&offset=1"), ["list_2"]);
  assert.deepEqual(await names("type=push&name=list&active=1"), []);
  const page = (await call("GET", "/monitors?name=list&limit=2")).json;
  assert.deepEqual([page.total, page.limit, page.offset, page.next_offset], [3, 2, 0, 2]);
  const { monitors } = (await call("GET", "/monitors?node=node2")).json;
  assert.ok(monitors.length > 0);
  assert.ok(monitors.every((/** @type {{owner_node: string}} */ monitor) => monitor.owner_node === "node2"));
  assertError(await call("GET", "/monitors?limit=0"), 400, "invalid_parameter", ["limit"]);
  assertError(await call("GET", "/monitors?limit=1001"), 400, "invalid_parameter", ["limit"]);
  assertError(await call("GET", "/monitors?active=maybe"), 400, "invalid_parameter", ["active"]);
  assertError(await call("GET", "/monitors?tag=a&tag=b"), 400, "invalid_parameter", ["tag"]);
});

test("tags are given, changed and taken", async () => {
  const { id } = await add({ type: "push", name: "tagged", active: false });
  const tags = async (/** @type {unknown} */ list) => {
    const { json } = await call("PATCH", `/monitors/${id}`, { tags: list });
    return json.tags.map((/** @type {{name: string, value: string}} */ { name, value }) => `${name}=${value}`);
  };
  assert.deepEqual(await tags([{ name: "blue", value: "1" }]), ["blue=1"]);
  assert.deepEqual(await tags([{ name: "blue", value: "2" }]), ["blue=2"]);
  assert.deepEqual(await tags([]), []);
});

test("heartbeats are read page by page", async () => {
  const { id } = await add({ type: "push", name: "beats", active: false });
  const rows = Array.from({ length: 5 }, (_, index) => {
    return `(${id}, ${index % 2}, 'beat ${index}', ${index === 0 ? 1 : 0}, '2026-01-01 00:00:0${index}', 1, 60)`;
  });
  await cluster.sql(
    `INSERT INTO heartbeat (monitor_id, status, msg, important, time, ping, duration) VALUES ${rows.join(",")}`,
  );
  const path = `/monitors/${id}/heartbeats`;
  const first = (await call("GET", `${path}?limit=3`)).json;
  assert.deepEqual(
    first.heartbeats.map((/** @type {{msg: string}} */ beat) => beat.msg),
    ["beat 4", "beat 3", "beat 2"],
  );
  const second = (await call("GET", `${path}?limit=3&before=${first.next_before}`)).json;
  assert.equal(second.next_before, null);
  assert.deepEqual(second.heartbeats.length, 2);
  const { id: beat, time, ...oldest } = second.heartbeats[1];
  assert.ok(beat > 0);
  assert.match(time, /^2026-01-01T00:00:00(\.\d+)?Z$/);
  assert.deepEqual(oldest, {
    ...{ monitor_id: id, status: 0, msg: "beat 0", important: true, ping: 1, duration: 60, down_count: 0 },
  });
  assert.equal((await call("GET", `${path}?important=1`)).json.heartbeats.length, 1);
  assertError(await call("GET", `${path}?before=x`), 400, "invalid_parameter", ["before"]);
  assertError(await call("GET", "/monitors/77777/heartbeats"), 404, "monitor_not_found");
});

test("a monitor is given to another node, which goes on with it", async () => {
  const monitor = await addHttp("/moving", { interval: 20 });
  await untilHits("/moving", 1);
  const to = `node${stranger(monitor)}`;
  const path = `/monitors/${monitor.id}/assign`;
  await cluster.sql(`UPDATE monitor SET assigned_node = '${monitor.owner_node}' WHERE id = ${monitor.id}`);
  const counts = async () => (await Promise.all(cluster.nodes.map(health))).map((body) => body.monitors_running);
  const before = await counts();
  const moved = (await call("POST", path, { node_id: to })).json;
  assert.deepEqual([moved.node_id, moved.assigned_node, moved.owner_node], [to, null, to]);
  const wanted = before.map((count, index) => count + (to === `node${index + 1}` ? 1 : -1));
  await waitFor(async () => String(await counts()) === String(wanted), { what: "the move", timeoutMs: 6000 });

  assertError(await call("POST", path, { node_id: "node9" }), 404, "node_not_found");
  assertError(await call("POST", path, {}), 400, "missing_field", ["node_id"]);
  assertError(await call("POST", path), 400, "bad_json");
  assertError(await call("POST", "/monitors/77777/assign", { node_id: to }), 404, "monitor_not_found");
  await cluster.sql("INSERT INTO node (node_id, status) VALUES ('gone', 'offline')");
  assertError(await call("POST", path, { node_id: "gone" }), 409, "node_not_online");
});

test("a monitor is pinned to a node until it is assigned or let go", async () => {
  const monitor = await add({ type: "push", name: "pinned" });
  assert.equal(monitor.pinned, false);
  const pin = `/monitors/${monitor.id}/pin`;
  const placed = (/** @type {any} */ { node_id, assigned_node, pinned }) => [node_id, assigned_node, pinned];
  const shown = async () => placed((await call("GET", `/monitors/${monitor.id}`)).json);
  assert.deepEqual(placed((await call("POST", pin, { node_id: "node2" })).json), ["node2", null, true]);
  assert.deepEqual(await shown(), ["node2", null, true]);
  assert.deepEqual(placed((await call("DELETE", pin)).json), ["node2", null, false]);
  assert.deepEqual(placed((await call("POST", pin, { node_id: "node1" })).json), ["node1", null, true]);
  assertError(await call("POST", pin, { node_id: "gone" }), 409, "node_not_online");
  assertError(await call("POST", pin, { node_id: "node9" }), 404, "node_not_found");
  assertError(await call("DELETE", "/monitors/77777/pin"), 404, "monitor_not_found");
  assertError(await call("PATCH", `/monitors/${monitor.id}`, { pinned: false }), 400, "read_only_field", ["pinned"]);
  assert.deepEqual(await shown(), ["node1", null, true]);
  assert.deepEqual(placed((await call("POST", `/monitors/${monitor.id}/assign`, { node_id: "node2" })).json), [
    "node2",
    null,
    false,
  ]);
});

test("nodes, notifications, status pages and groups are listed", async () => {
  const config = JSON.stringify({ type: "webhook", webhookURL: "http://secret" });
  await cluster.sql(`INSERT INTO notification (name, config, active, user_id, is_default) VALUES ('hook', '${config}', 1, 1, 1);
    INSERT INTO status_page (slug, title, icon, theme) VALUES ('main', 'Main', '', 'auto')`);
  const notifications = await call("GET", "/notifications");
  assert.deepEqual(notifications.json.notifications, [
    { id: 1, name: "hook", type: "webhook", active: true, isDefault: true },
  ]);
  assert.doesNotMatch(notifications.text, /secret/);
  const group = await add({ type: "group", name: "the group" });
  const child = await add({ type: "push", name: "child", parent: group.id });
  assert.deepEqual(child.notificationIDList, { 1: true }, "it has the default notification");
  const { groups } = (await call("GET", "/groups")).json;
  const found = groups.find((/** @type {{id: number}} */ one) => one.id === group.id);
  const { id, name, active, children, owner_node: owner } = found;
  assert.deepEqual(
    { id, name, active, children },
    { id: group.id, name: "the group", active: true, children: [child.id] },
  );
  assert.equal(owner, group.owner_node);
  const { status_pages: pages } = (await call("GET", "/status-pages")).json;
  assert.deepEqual([pages.length, pages[0].slug, pages[0].published], [1, "main", true]);

  const { nodes } = (await call("GET", "/nodes", undefined, 2)).json;
  assert.deepEqual(
    nodes.map((/** @type {Record<string, unknown>} */ node) => [node.node_id, node.status, node.this]),
    [
      ["gone", "offline", false],
      ["node1", "online", false],
      ["node2", "online", true],
    ],
  );
  const rows = await cluster.sql("SELECT SUM(active), COUNT(*) FROM monitor WHERE owner_node = 'node1'");
  assert.deepEqual([nodes[1].monitors_active, nodes[1].monitors_assigned], rows[0].map(Number));
  assert.match(nodes[1].last_seen, /^20\d\d-\d\d-\d\dT[\d:]+\.\d+Z$/);

  const deletion = await call("DELETE", `/monitors/${group.id}?delete_children=1`);
  if (isOld) return assertError(deletion, 400, "not_supported");
  assert.equal(deletion.status, 200);
  assertError(await call("GET", `/monitors/${child.id}`), 404, "monitor_not_found");
});
