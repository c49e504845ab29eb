// From nothing to a cluster by the one command of the guide; then nodes die, come back from another tag and are added.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { freePort } from "../../local/ports.mjs";
import { waitFor } from "../../local/processes.mjs";
import { ask, logIn, newMonitor, setUp } from "../agent/support/browser.mjs";
import { request } from "../support/http.mjs";
import { docker, jsonLines } from "./engine.mjs";
import { areOnline, newProject, stopwatch } from "./project.mjs";

const NODES = ["node1", "node2", "node3"];
const MONITORS = 6;
const OTHER_TAG = "kt-uptime-kuma:other";

/** @type {import("./project.mjs").Project} */
let project;
/** @type {Record<string, string>} */
let fourth;

before(async () => {
  project = await newProject({ files: ["docker-compose-cluster.yaml"] });
  fourth = { ...project.env, CLUSTER_PROJECT: project.name, NODE: "4", NODE_PORT: `127.0.0.1:${await freePort()}` };
});
after(async () => {
  await docker(["compose", "-f", "docker-compose.node.yaml", "down", "--volumes"], fourth);
  await project.close();
  await docker(["image", "rm", OTHER_TAG]).catch(() => {});
});

/** Pids of nginx's workers: others after a reload. */
async function workers() {
  const text = await docker(["top", project.container("openresty"), "-eo", "pid,args"]);
  const lines = text.split("\n").filter((line) => line.includes("nginx: worker process"));
  return lines.map((line) => line.trim().split(/\s+/)[0]).sort();
}

test("one command leads from nothing to a user who is logged in", async (t) => {
  const time = stopwatch();
  await project.compose("up", "--detach", "--build");
  t.diagnostic(`up came back after ${time()}`);
  await project.untilNodes((nodes) => areOnline(nodes, NODES), "three nodes online");
  t.diagnostic(`three nodes online after ${time()}`);
  assert.equal((await setUp(project)).ok, true);
  const socket = await logIn(project);
  t.diagnostic(`logged in through the load balancer after ${time()}`);
  const url = "http://openresty:8084/lb/ping";
  for (let number = 1; number <= MONITORS; number++) {
    const answer = await ask(socket, "add", newMonitor({ name: `m${number}`, url, notificationIDList: {} }));
    assert.equal(answer.ok, true, JSON.stringify(answer));
  }
  socket.disconnect();
  const shared = (/** @type {Record<string, {monitor_count: number}>} */ nodes) =>
    NODES.every((id) => nodes[id]?.monitor_count === MONITORS / NODES.length);
  await project.untilNodes(shared, "two monitors on each node");
});

/** When each service's container was made. */
async function made() {
  const names = ["openresty", "mariadb", ...NODES.map((id) => `uptime-kuma-${id}`)].map(project.container);
  return docker(["inspect", "--format", "{{.Name}} {{.Created}}", ...names]);
}

test("a second start changes nothing, all that runs is healthy, and the one-shot has ended", async () => {
  const before = await made();
  await project.compose("up", "--detach", "--build", "--wait");
  assert.equal(await made(), before);
  const states = jsonLines(await project.compose("ps", "--all", "--format", "json"));
  const found = Object.fromEntries(states.map(({ Service, State, Health }) => [Service, Health || State]));
  const running = ["openresty", "mariadb", ...NODES.map((id) => `uptime-kuma-${id}`)].map((name) => [name, "healthy"]);
  assert.deepEqual(found, { ...Object.fromEntries(running), agent: "exited" });
  const database = states.find(({ Service }) => Service === "mariadb");
  const published = database.Publishers.filter((/** @type {{PublishedPort: number}} */ port) => port.PublishedPort > 0);
  assert.deepEqual(published, []);
});

test("a container is killed, and its monitors go on elsewhere", async (t) => {
  await project.untilNodes((nodes) => areOnline(nodes, NODES), "three nodes online");
  const time = stopwatch();
  await project.compose("kill", "uptime-kuma-node3");
  const moved = (/** @type {Record<string, any>} */ nodes) =>
    nodes.node3?.status === "offline" && nodes.node1?.monitor_count + nodes.node2?.monitor_count === MONITORS;
  await project.untilNodes(moved, "all monitors on two nodes");
  t.diagnostic(`monitors elsewhere after ${time()}`);
  const done = await waitFor(() => failover("failover.done"), { what: "each monitor to beat", timeoutMs: 60000 });
  t.diagnostic(`all of them beat after ${time()}: ${JSON.stringify(done.detail ?? done)}`);
});

/** @param {string} type @returns {Promise<any>} */
async function failover(type) {
  const { json } = await project.call("GET", "/lb/health-status");
  return json.failover_history.find((/** @type {{type: string}} */ event) => event.type === type);
}

test("a node comes back from another tag of Uptime Kuma as the same node", async (t) => {
  await docker(["tag", "louislam/uptime-kuma:2", OTHER_TAG]);
  project.env.KUMA_IMAGE = OTHER_TAG;
  const time = stopwatch();
  await project.compose("up", "--detach", "--wait", "uptime-kuma-node3");
  const home = (/** @type {Record<string, any>} */ nodes) => areOnline(nodes, NODES) && nodes.node3.monitor_count === 2;
  await project.untilNodes(home, "monitors at home");
  t.diagnostic(`upgraded, and its monitors are home after ${time()}`);
  const [node] = jsonLines(await project.compose("ps", "uptime-kuma-node3", "--format", "json"));
  assert.equal(node.Image, OTHER_TAG);
});

test("a fourth node joins without a reload", async (t) => {
  const before = await workers();
  const time = stopwatch();
  await docker(["compose", "-f", "docker-compose.node.yaml", "up", "--detach"], fourth);
  await project.untilNodes((nodes) => areOnline(nodes, ["node4"]), "node4 online");
  t.diagnostic(`online after ${time()}`);
  const headers = { Cookie: "KUMA_FIXED_NODE=node4" };
  const answer = await request(`${project.url}/`, { headers });
  assert.equal(answer.headers["x-routed-to"], "uptime-kuma-node4");
  assert.equal((await project.call("POST", "/lb/trigger-rebalancing")).status, 202);
  await project.untilNodes((nodes) => (nodes.node4?.monitor_count ?? 0) > 0, "a monitor on node4");
  t.diagnostic(`runs monitors after ${time()}`);
  assert.deepEqual(await workers(), before);
});

test("nothing is left after down -v", async () => {
  await docker(["compose", "-f", "docker-compose.node.yaml", "down", "--volumes"], fourth);
  await project.compose("down", "--volumes");
  const filter = ["--filter", `label=com.docker.compose.project=${project.name}`, "--quiet"];
  for (const kind of [
    ["ps", "--all"],
    ["volume", "ls"],
    ["network", "ls"],
  ]) {
    assert.equal(await docker([...kind, ...filter]), "", kind.join(" "));
  }
});
