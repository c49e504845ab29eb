// The guide's installation on Debian's nginx, with HTTPS: its commands, files and unit, but for systemd itself
// (test/compose/host.test.mjs).
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect as connectHttp2 } from "node:http2";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { connect as connectTls } from "node:tls";
import { promisify } from "node:util";
import { workersOf } from "../../local/load-balancer.mjs";
import { startMariadb } from "../../local/mariadb.mjs";
import { freePorts } from "../../local/ports.mjs";
import { waitFor } from "../../local/processes.mjs";
import { makeAuthority } from "../probes/certificates.mjs";
import { commandBlocks } from "../support/markdown-commands.mjs";
import { request, startLoad } from "../support/http.mjs";
import { installLoadBalancer, SECRETS } from "../support/installed.mjs";
import { slowRequest } from "../support/slow-request.mjs";
import { openWebSocket } from "../support/websocket.mjs";
import { startSystem } from "./harness.mjs";

const run = promisify(execFile);
const UNITS = ["uptime-kuma-cluster-lb.service", "uptime-kuma-node@.service"];

/** @type {import("./harness.mjs").System} */
let system;
/** @type {import("../support/installed.mjs").Installed} */
let installed;
const root = mkdtempSync(join(tmpdir(), "kh-"));
const [http = 0, https = 0, local = 0] = await freePorts(3);
const url = `https://localhost:${https}`;
const plain = `http://127.0.0.1:${http}`;
let ca = "";
/** @type {ReturnType<typeof makeAuthority>} */
let authority;
let pid = 0;

before(async () => {
  system = await startSystem({ nodes: 2 });
  authority = makeAuthority(root);
  ca = readFileSync(authority.trusted, "utf8");
  installed = await installLoadBalancer(root, { http, https, local });
  installed.setUp({ DB_HOST: `127.0.0.1:${system.db.port}`, CLUSTER_MODE: "follower", CLUSTER_PEER_URL: system.url });
});
after(async () => {
  await installed?.end("SIGTERM").catch(() => {});
  await system?.close();
  rmSync(root, { recursive: true, force: true });
});

/** @param {string} name a certificate for it, put where the guide has it put */
async function useCertificate(name) {
  const { cert, key } = authority.issue(name, { names: "DNS:localhost", days: 30 });
  writeFileSync(join(root, "fullchain.pem"), cert);
  writeFileSync(join(root, "privkey.pem"), key);
  const [commands = ""] = commandBlocks("HTTPS");
  await installed.follow(
    commands.replace(/(fullchain|privkey)\.pem/, `${root}/$&`).replace(" privkey.pem", ` ${root}/privkey.pem`),
  );
}

/** The certificate that is served. */
async function served() {
  const socket = connectTls({ host: "127.0.0.1", port: https, servername: "localhost", ca });
  await once(socket, "secureConnect");
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

const untilAnswers = (/** @type {string} */ at) =>
  waitFor(async () => (await request(at, { ca, keepAlive: false })).status === 200, { what: at });

test("systemd finds nothing wrong with the units, and says how exposed they are", async (t) => {
  const folder = join(root, "verify");
  mkdirSync(folder);
  const files = [];
  for (const unit of UNITS) {
    const file = join(folder, unit.replace("@.", "@node1."));
    writeFileSync(file, readFileSync(new URL(`../../deploy/systemd/${unit}`, import.meta.url)));
    files.push(file);
  }
  const { stdout, stderr } = await run("systemd-analyze", ["verify", "--man=no", ...files]);
  assert.equal(stdout + stderr, "");
  const { stdout: scores } = await run("systemd-analyze", ["security", "--offline=true", "--no-pager", ...files]);
  const levels = [...scores.matchAll(/exposure level for (\S+): ([\d.]+)/g)];
  assert.equal(levels.length, UNITS.length);
  for (const [, unit, level] of levels) {
    t.diagnostic(`${unit}: ${level} of 10`);
    assert.ok(Number(level) < 4, `${unit} ${level}`);
  }
});

test("the guide's commands give a load balancer that starts, and secrets that root alone reads", async () => {
  for (const file of ["db-password", "cluster-secret"])
    assert.equal(statSync(join(installed.etc, file)).mode & 0o777, 0o600);
  assert.match(await installed.test(), /test is successful/);
  pid = await installed.start();
  await untilAnswers(`http://127.0.0.1:${local}/lb/readyz`);
  const guarded = { headers: { "X-Cluster-Secret": SECRETS.CLUSTER_SECRET } };
  assert.equal((await request(`http://127.0.0.1:${local}/lb/debug-config`, guarded)).status, 200);
  assert.equal((await request(`http://127.0.0.1:${local}/lb/debug-config`)).status, 401);
  for (const path of ["/lb/", "/lb/docs", "/"]) {
    assert.equal((await request(`http://127.0.0.1:${local}${path}`)).status, 200, path);
  }
});

test("with a certificate everything comes by HTTPS, and nodes hear of it", async () => {
  await useCertificate("first");
  assert.match(await installed.test(), /test is successful/);
  process.kill(pid, "SIGHUP");
  await untilAnswers(`${url}/lb/readyz`);
  const { json, headers } = await request(`${url}/any`, { ca, headers: { "X-Forwarded-Proto": "http" } });
  assert.equal(json.headers["x-forwarded-proto"], "https");
  assert.equal(json.headers.host, `localhost:${https}`);
  assert.equal(headers["strict-transport-security"], undefined);
  const chosen = await request(`${url}/lb/fixed-node/node2`, { ca });
  assert.match(String(chosen.headers["set-cookie"]), /KUMA_FIXED_NODE=node2;.*Secure/);
  await assert.rejects(
    once(connectTls({ port: https, host: "127.0.0.1", ca, maxVersion: "TLSv1.1" }), "secureConnect"),
  );
});

test("plain HTTP leads there, but for health checks and a certificate authority", async () => {
  const moved = await request(`${plain}/status/x?a=1`, { method: "POST" });
  assert.equal(moved.status, 308);
  assert.equal(moved.headers.location, "https://127.0.0.1/status/x?a=1");
  for (const path of ["/lb/livez", "/lb/readyz"]) assert.equal((await request(`${plain}${path}`)).status, 200, path);
  assert.equal((await request(`${plain}/lb/health`)).status, 308);
  const proof = installed.path("/var/www/acme/.well-known/acme-challenge/");
  mkdirSync(proof, { recursive: true });
  writeFileSync(`${proof}token`, "proof");
  for (const folder of [root, installed.path("/var/www/acme")]) chmodSync(folder, 0o755);
  assert.equal((await request(`${plain}/.well-known/acme-challenge/token`)).text, "proof");
  assert.equal((await request(`${plain}/.well-known/acme-challenge/none`)).status, 404);
});

test("HTTP/2 and WebSockets work", async () => {
  const session = connectHttp2(url, { ca });
  const stream = session.request({ ":path": "/any" });
  const [headers] = await once(stream, "response");
  stream.resume();
  assert.equal(headers[":status"], 200);
  assert.match(String(headers["x-routed-to"]), /^uptime-kuma-node/);
  session.close();
  const socket = await openWebSocket(`${url}/socket.io/?EIO=4&transport=websocket`, {}, ca);
  assert.equal(socket.status, 101);
  await socket.next();
  socket.send("hello");
  assert.equal(await socket.next(), "hello");
  socket.close();
});

test("headers.conf has browsers stay with HTTPS, wherever the answer comes from", async () => {
  await installed.follow("cp deploy/tls/headers.conf /etc/uptime-kuma-cluster/");
  process.kill(pid, "SIGHUP");
  for (const path of ["/any", "/status/200", "/lb/", "/lb/ping", "/lb/nope"]) {
    const has = async () => (await request(`${url}${path}`, { ca })).headers["strict-transport-security"];
    assert.equal(await waitFor(has, { what: path }), "max-age=63072000", path);
  }
});

test("a reload under load takes a new certificate, and no request fails", async () => {
  const old = await served();
  const load = startLoad(`${url}/any`, { ca, clients: 3 });
  await useCertificate("second");
  process.kill(pid, "SIGHUP");
  await waitFor(async () => (await served()) !== old, { what: "the new certificate" });
  await sleep(500);
  const { failures, total } = await load.stop();
  assert.deepEqual(failures, []);
  assert.ok(total > 20, `only ${total} requests`);
  assert.ok(workersOf(pid).length > 0);
});

test("a quit lets requests end that are under way", async () => {
  const how = { ca, secret: SECRETS.CLUSTER_SECRET, ms: 2000 };
  const slow = Array.from({ length: 5 }, () => slowRequest(url, how));
  await sleep(800);
  await installed.end("SIGQUIT");
  for (const answer of await Promise.all(slow)) assert.match(answer, /^HTTP\/1\.1 200 OK\r\n[^]*}\s*$/);
});

test("what hinders a start is said in one line", async () => {
  const file = "/etc/uptime-kuma-cluster/db-password";
  installed.setUp({ DB_PASSWORD_FILE: `${file}-nowhere` });
  await assert.rejects(installed.start(), /DB_PASSWORD_FILE=".*db-password-nowhere": /);
  installed.setUp({ DB_PASSWORD_FILE: file, HEALTH_CHECK_FALL: "none" });
  await assert.rejects(installed.start(), /HEALTH_CHECK_FALL="none": must be a whole number/);
  installed.setUp({ HEALTH_CHECK_FALL: "3" });
  const other = createServer().listen(http, "127.0.0.1");
  await once(other, "listening");
  await assert.rejects(installed.start(), new RegExp(`bind\\(\\) to 127\\.0\\.0\\.1:${http} failed \\(98: `));
  other.close();
  await once(other, "close");
});

test("it starts without the database, and is ready as soon as there is one", async () => {
  await system.db.stop();
  await installed.start();
  assert.equal((await request(`${url}/lb/ping`, { ca })).text.trim(), "pong");
  assert.equal((await request(`${plain}/lb/readyz`)).status, 503);
  const { password, port } = system.db;
  const db = await startMariadb({ dir: join(system.dir, "db"), port, password });
  try {
    await untilAnswers(`${plain}/lb/readyz`);
    await waitFor(async () => (await request(`${url}/any`, { ca })).json?.node_id, { what: "a node's answer" });
  } finally {
    await installed.end("SIGTERM");
    await db.kill();
  }
});
