// The guide's part on hosts, followed on machines of their own with systemd: a database, two nodes and a load balancer on
// Debian's nginx with HTTPS. Its commands run as they are printed there, with other addresses.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { freePorts } from "../../local/ports.mjs";
import { waitFor } from "../../local/processes.mjs";
import { ask, logIn, newMonitor, setUp } from "../agent/support/browser.mjs";
import { makeAuthority } from "../probes/certificates.mjs";
import { commandBlocks } from "../support/markdown-commands.mjs";
import { request, startLoad } from "../support/http.mjs";
import { slowRequest } from "../support/slow-request.mjs";
import { docker } from "./engine.mjs";
import { buildMachine, removeMachines, startMachine } from "./machine.mjs";
import { areOnline, stopwatch } from "./project.mjs";

/** @typedef {import("./machine.mjs").Machine} Machine */

const NODES = ["node1", "node2"];
const LB = "uptime-kuma-cluster-lb";
const MONITORS = 4;
const env = { DB_PASSWORD: randomBytes(12).toString("hex"), CLUSTER_SECRET: "hosts-s3cret" };
const name = `kt-${randomBytes(4).toString("hex")}`;
const images = { host: `${name}-host`, node: `${name}-node` };
const dir = mkdtempSync(join(tmpdir(), "kh-"));
const authority = makeAuthority(dir);
const ca = readFileSync(authority.trusted, "utf8");
const [http = 0, https = 0] = await freePorts(2);
const url = `https://localhost:${https}`;

/** @type {Record<"db" | "node1" | "node2" | "lb", Machine>} */
let machines;

before(async () => {
  await buildMachine(images.host);
  await buildMachine(images.node, { target: "node" });
  await docker(["network", "create", name]);
  const machine = (/** @type {string} */ role, image = images.host, ports = {}) =>
    startMachine({ name: `${name}-${role}`, image, network: name, ports, env });
  const [db, node1, node2, lb] = await Promise.all([
    machine("db"),
    machine("node1", images.node),
    machine("node2", images.node),
    machine("lb", images.host, { 80: http, 443: https }),
  ]);
  machines = { db, node1, node2, lb };
});
after(async () => {
  await removeMachines(name, Object.values(images));
  rmSync(dir, { recursive: true, force: true });
});

/** The text with the addresses of the machines. @param {string} text @param {Machine} [node] whose settings they are */
function addressed(text, node = machines.node1) {
  const { db, lb } = machines;
  const network = db.address.replace(/\d+$/, "");
  const addresses = {
    "10.0.0.%": `${network}%`,
    "10.0.0.10": lb.address,
    "10.0.0.11": node.address,
    "10.0.0.20": db.address,
  };
  return Object.entries(addresses).reduce((result, [from, to]) => result.replaceAll(from, to), text);
}

/** Changes settings as an administrator would in an editor. @param {Machine} machine @param {string} file */
async function fillIn(machine, file, more = "") {
  const path = `/etc/uptime-kuma-cluster/${file}`;
  const text = addressed(await machine.sh(`cat ${path}`), machine);
  await machine.sh(`cat > ${path} <<'END'\n${text}\n${more}\nEND`);
}

/** @param {"node1" | "node2"} id */
async function installNode(id) {
  const machine = machines[id];
  const [commands = "", start = ""] = commandBlocks("A node").map((code) => code.replaceAll("node1", id));
  await machine.sh(commands);
  await fillIn(machine, `${id}.env`, id === "node1" ? "UPTIME_KUMA_PRIMARY=1" : "");
  await configureOldKuma(machine, id);
  await machine.sh(start);
}

/** The release of Uptime Kuma on npm, alone among all, does not understand its own variables for the database. */
async function configureOldKuma(/** @type {Machine} */ machine, /** @type {string} */ id) {
  if (!(await machine.sh("grep version /opt/uptime-kuma/package.json")).includes("2.0.0-dev")) return;
  const access = {
    type: "mariadb",
    hostname: machines.db.address,
    port: 3306,
    username: "kuma",
    password: env.DB_PASSWORD,
  };
  const file = join(dir, "db-config.json");
  writeFileSync(file, JSON.stringify({ ...access, dbName: "kuma" }));
  await machine.put(file, "/root/db-config.json");
  await machine.sh(`sed -i /UPTIME_KUMA_DB/d /etc/uptime-kuma-cluster/${id}.env
    install -D -o uptime-kuma -m 600 /root/db-config.json /var/lib/uptime-kuma/${id}/db-config.json`);
}

async function installLoadBalancer() {
  const [commands = "", start = ""] = commandBlocks("The load balancer on Debian's nginx");
  await machines.lb.sh(commands);
  await fillIn(machines.lb, "lb.env");
  return machines.lb.sh(start);
}

/** What the load balancer knows of the nodes, by their ids. @returns {Promise<Record<string, import("./project.mjs").HealthNode>>} */
async function health() {
  const { nodes } = JSON.parse(await machines.lb.sh("curl -fsS http://localhost:8084/lb/health"));
  return Object.fromEntries(nodes.map((/** @type {{node_id: string}} */ node) => [node.node_id, node]));
}

/** @param {(nodes: Awaited<ReturnType<typeof health>>) => boolean} isSo @param {string} what */
function untilNodes(isSo, what) {
  const check = async () => {
    const nodes = await health();
    return isSo(nodes) || Promise.reject(new Error(JSON.stringify(nodes)));
  };
  return waitFor(check, { what, timeoutMs: 600000, everyMs: 500 });
}

/** @param {Machine} machine @param {string} unit @param {string} field */
const property = (machine, unit, field) => machine.sh(`systemctl show ${unit} --property=${field} --value`);

test("nodes and the load balancer are installed, and wait for a database", async () => {
  const [said] = await Promise.all([installLoadBalancer(), installNode("node1"), installNode("node2")]);
  assert.match(said, /^pong$/m);
  const restarted = async () => Number(await property(machines.node1, "uptime-kuma-node@node1", "NRestarts")) > 0;
  await waitFor(restarted, { what: "the node to try again", timeoutMs: 300000, everyMs: 1000 });
  assert.equal(await property(machines.lb, LB, "ActiveState"), "active");
  assert.equal(await property(machines.lb, LB, "NRestarts"), "0");
});

test("with the database the nodes come online by themselves", async (t) => {
  const time = stopwatch();
  const [commands = ""] = commandBlocks("The database");
  await machines.db.sh(addressed(commands));
  t.diagnostic(`the database runs after ${time()}`);
  await untilNodes((nodes) => areOnline(nodes, NODES), "two nodes online");
  const status = JSON.parse(await machines.lb.sh("curl -fsSL http://localhost:8084/api/system-status"));
  assert.equal(status.leader.node_id, "lb1");
  t.diagnostic(`two nodes online after ${time()}`);
});

test("each process has the user that it should have, and systemd finds no mistake", async (t) => {
  const processes = await machines.lb.sh("ps -eo user:20,args | grep 'nginx: ' | grep -v grep");
  assert.match(processes, /^root +nginx: master process .*uptime-kuma-cluster/m);
  assert.match(processes, /^www-data +nginx: worker process/m);
  assert.match(await machines.node1.sh("ps -eo user:20,args | grep 'uptime-kuma\\|server.js'"), /^uptime-kuma +/m);
  for (const [machine, unit] of /** @type {const} */ ([
    [machines.lb, `${LB}.service`],
    [machines.node1, "uptime-kuma-node@node1.service"],
  ])) {
    assert.equal(await machine.sh(`systemd-analyze verify --man=no ${unit}`), "");
    const score = await machine.sh(`systemd-analyze security --no-pager ${unit} | tail -1`);
    t.diagnostic(score.replace(/[^ -~]/g, "").trim());
  }
});

test("where another program has port 80 the start fails and says so, until the port is free", async () => {
  const pair = authority.issue("lb", { names: "DNS:kuma.example.com,DNS:localhost", days: 30 });
  const files = { "fullchain.pem": pair.cert, "privkey.pem": pair.key, "ca.crt": ca };
  for (const [file, text] of Object.entries(files)) {
    writeFileSync(join(dir, file), text);
    await machines.lb.put(join(dir, file), `/root/uptime-kuma-cluster/${file}`);
  }
  await machines.lb.sh("install -m 644 ca.crt /usr/local/share/ca-certificates/ && update-ca-certificates");
  const [certificate = "", , switchOn = ""] = commandBlocks("HTTPS");
  await assert.rejects(machines.lb.sh(certificate + switchOn), /Job for uptime-kuma-cluster-lb.service failed/);
  assert.match(await machines.lb.sh(`journalctl -u ${LB} --no-pager`), /bind\(\) to 0\.0\.0\.0:80 failed \(98/);
  await machines.lb.sh("systemctl disable --now nginx");
  const active = async () => (await property(machines.lb, LB, "ActiveState")) === "active";
  await waitFor(active, { what: "the load balancer", timeoutMs: 120000, everyMs: 500 });
});

test("by HTTPS a user sets the cluster up and makes monitors", async () => {
  const [, , switchOn = ""] = commandBlocks("HTTPS");
  assert.match(await machines.lb.sh(switchOn), /^pong$/m);
  const headers = async () => (await request(`${url}/dashboard`, { ca })).headers["strict-transport-security"];
  assert.equal(await waitFor(headers, { what: "HTTPS", timeoutMs: 120000 }), "max-age=63072000");
  const plain = await request(`http://127.0.0.1:${http}/dashboard`);
  assert.deepEqual([plain.status, plain.headers.location], [308, "https://127.0.0.1/dashboard"]);
  assert.equal((await request(`http://127.0.0.1:${http}/lb/readyz`)).status, 200);
  assert.equal((await setUp({ url }, { ca })).ok, true);
  const socket = await logIn({ url }, { ca });
  const ping = { type: "ping", hostname: machines.db.address, packetSize: 56 };
  for (let number = 1; number <= MONITORS; number++) {
    const what = number === 1 ? ping : { url: `http://${machines.lb.address}/lb/livez` };
    const answer = await ask(socket, "add", newMonitor({ name: `m${number}`, ...what, notificationIDList: {} }));
    assert.equal(answer.ok, true, JSON.stringify(answer));
  }
  socket.disconnect();
  const shared = (/** @type {Awaited<ReturnType<typeof health>>} */ nodes) =>
    NODES.every((id) => nodes[id]?.monitor_count === MONITORS / NODES.length);
  await untilNodes(shared, "two monitors on each node");
});

test("all monitors are up, the one that pings too", async () => {
  const query = "SELECT COUNT(DISTINCT monitor_id) FROM heartbeat WHERE status = 1";
  const up = async () => Number(await machines.db.sh(`mariadb kuma -Ne '${query}'`)) === MONITORS;
  await waitFor(up, { what: "a good beat of each monitor", timeoutMs: 300000, everyMs: 500 });
});

test("a node that is stopped hands its monitors over, and takes them again", async (t) => {
  const time = stopwatch();
  await machines.node2.sh("systemctl stop uptime-kuma-node@node2");
  t.diagnostic(`stopped after ${time()}, ${await property(machines.node2, "uptime-kuma-node@node2", "ActiveState")}`);
  await untilNodes((nodes) => nodes.node1?.monitor_count === MONITORS, "all monitors on node1");
  t.diagnostic(`all monitors on the other node after ${time()}`);
  const journal = await machines.node2.sh("journalctl -u uptime-kuma-node@node2 --no-pager");
  assert.match(journal, /node node2 leaves: 2 monitors stopped/);
  assert.doesNotMatch(journal, /State 'stop-sigterm' timed out/);
  await machines.node2.sh("systemctl start uptime-kuma-node@node2");
  await untilNodes((nodes) => areOnline(nodes, NODES) && nodes.node2?.monitor_count === 2, "monitors at home");
});

test("a reload fails no request, and a restart lets those end that are under way", async (t) => {
  const load = startLoad(`${url}/icon.svg`, { ca, clients: 3 });
  await machines.lb.sh(`systemctl reload ${LB}`);
  await sleep(3000);
  assert.deepEqual((await load.stop()).failures, []);
  const slow = Array.from({ length: 5 }, () => slowRequest(url, { ca, secret: env.CLUSTER_SECRET, ms: 3000 }));
  await sleep(1000);
  const time = stopwatch();
  await machines.lb.sh(`systemctl restart ${LB}`);
  t.diagnostic(`restarted after ${time()}`);
  for (const answer of await Promise.all(slow)) assert.match(answer, /^HTTP\/1\.1 200 OK\r\n[^]*}\s*$/);
  await untilNodes((nodes) => areOnline(nodes, NODES), "two nodes online");
});

test("logs are rotated", async () => {
  const log = "/var/log/uptime-kuma-cluster/access.log";
  await machines.lb.sh(`curl -fsS http://localhost:8084/lb/ping; sleep 2; test -s ${log}`);
  await machines.lb.sh("logrotate --force /etc/logrotate.d/uptime-kuma-cluster");
  await machines.lb.sh("sleep 1; curl -fsS http://localhost:8084/lb/livez?rotated; sleep 2");
  assert.match(await machines.lb.sh(`cat ${log}`), /rotated/);
  assert.doesNotMatch(await machines.lb.sh(`cat ${log}.1`), /rotated/);
});

test("what hinders a start is in the journal, and mending it is enough", async () => {
  const { lb, node2 } = machines;
  const at = "/etc/uptime-kuma-cluster";
  await assert.rejects(lb.sh(`mv ${at}/lb.env ${at}/lb.env.away; systemctl restart ${LB}`));
  assert.match(await lb.sh(`journalctl -u ${LB} --no-pager`), /Failed to load environment files: No such file/);
  await lb.sh(`mv ${at}/lb.env.away ${at}/lb.env`);
  await untilNodes((nodes) => areOnline(nodes, NODES), "the load balancer again");
  await node2.sh(`chmod 600 ${at}/cluster-secret; systemctl restart uptime-kuma-node@node2`);
  const said = async () =>
    (await node2.sh("journalctl -u uptime-kuma-node@node2 --no-pager")).includes("CLUSTER_SECRET_FILE=");
  await waitFor(said, { what: "the node's complaint", timeoutMs: 60000, everyMs: 1000 });
  await untilNodes((nodes) => nodes.node2?.status === "offline", "node2 away");
  await node2.sh(`chmod 640 ${at}/cluster-secret`);
  await untilNodes((nodes) => areOnline(nodes, NODES), "node2 again");
});
