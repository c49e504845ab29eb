// The load balancer alone, by the guide's commands, on other nginx than Debian 12's: that of Debian 13, and OpenResty.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect as connectHttp2 } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../local/ports.mjs";
import { waitFor } from "../../local/processes.mjs";
import { makeAuthority } from "../probes/certificates.mjs";
import { commandBlocks } from "../support/markdown-commands.mjs";
import { slowRequest } from "../support/slow-request.mjs";
import { docker } from "./engine.mjs";
import { buildMachine, removeMachines, startMachine } from "./machine.mjs";

/** @typedef {"trixie" | "openresty"} Kind */

const LB = "uptime-kuma-cluster-lb";
const NO_DATABASE = "sed -i s/^DB_HOST=.*/DB_HOST=127.0.0.1/ /etc/uptime-kuma-cluster/lb.env";
const CONFIGURATION = "/usr/local/openresty/nginx/conf";
const OPENRESTY_TAG = process.env.OPENRESTY_TAG ?? "1.29.2.4-1-bookworm";
const env = { DB_PASSWORD: "secret", CLUSTER_SECRET: "hosts-s3cret" };
const name = `kt-${randomBytes(4).toString("hex")}`;
const images = { trixie: `${name}-trixie`, openresty: `${name}-openresty` };
const dir = mkdtempSync(join(tmpdir(), "kh-"));
const ports = { trixie: await freePort(), openresty: await freePort() };
const authority = makeAuthority(dir);
const ca = readFileSync(authority.trusted, "utf8");

/** @type {Record<Kind, import("./machine.mjs").Machine>} */
let machines;

before(async () => {
  await buildMachine(images.trixie, { base: "debian:trixie-slim" });
  await buildMachine(images.openresty, { base: `openresty/openresty:${OPENRESTY_TAG}` });
  await docker(["network", "create", name]);
  const machine = (/** @type {Kind} */ kind) =>
    startMachine({ name: `${name}-${kind}`, image: images[kind], network: name, ports: { 443: ports[kind] }, env });
  const [trixie, openresty] = await Promise.all([machine("trixie"), machine("openresty")]);
  machines = { trixie, openresty };
});
after(async () => {
  await removeMachines(name, Object.values(images));
  rmSync(dir, { recursive: true, force: true });
});

/**
 * Follows the guide to HTTPS and uses it; then stops with a request under way.
 * @param {Kind} kind @param {(code: string) => string} [place] where this one has its configuration
 */
async function tryHttps(kind, place = (code) => code) {
  const machine = machines[kind];
  const pair = authority.issue(kind, { names: "DNS:kuma.example.com,DNS:localhost", days: 30 });
  for (const [file, text] of Object.entries({ "fullchain.pem": pair.cert, "privkey.pem": pair.key, "ca.crt": ca })) {
    writeFileSync(join(dir, file), text);
    await machine.put(join(dir, file), `/root/uptime-kuma-cluster/${file}`);
  }
  await machine.sh("install -m 644 ca.crt /usr/local/share/ca-certificates/ && update-ca-certificates");
  const [certificate = "", http2 = "", switchOn = ""] = commandBlocks("HTTPS").map(place);
  assert.match(await machine.sh(certificate + http2 + switchOn), /^pong$/m);
  assert.doesNotMatch(await machine.sh(`journalctl -u ${LB} --no-pager`), /deprecated/);
  const session = connectHttp2(`https://localhost:${ports[kind]}`, { ca });
  const [headers] = await once(session.request({ ":path": "/lb/livez" }), "response");
  assert.equal(headers[":status"], 200);
  session.close();
  const slow = slowRequest(`https://localhost:${ports[kind]}`, { ca, secret: env.CLUSTER_SECRET, ms: 2000 });
  await sleep(1000);
  await machine.sh(`systemctl stop ${LB}`);
  // There is no such node without a database: but there is an answer.
  assert.match(await slow, /^HTTP\/1\.1 [45]\d\d [^]*}\s*$/);
  assert.equal(await machine.sh(`systemctl show ${LB} --property=ActiveState --value`), "inactive");
}

test("Debian 13", async (t) => {
  const { trixie } = machines;
  const [commands = "", start = ""] = commandBlocks("The load balancer on Debian's nginx");
  await trixie.sh(commands);
  await trixie.sh(NO_DATABASE);
  assert.match(await trixie.sh(start), /^pong$/m);
  assert.equal(await trixie.sh(`systemd-analyze verify --man=no ${LB}.service`), "");
  t.diagnostic(await trixie.sh("nginx -v"));
  await trixie.sh("systemctl disable --now nginx");
  await tryHttps("trixie");
});

test("OpenResty, started by hand", async (t) => {
  const { openresty } = machines;
  const [files = "", byHand = ""] = commandBlocks("OpenResty");
  await openresty.sh(files);
  await openresty.sh(NO_DATABASE);
  t.diagnostic(await openresty.sh("openresty -v"));
  const said = await openresty.sh(byHand);
  assert.match(said, /test is successful/);
  assert.match(said, /^pong$/m);
  // A JSON object has no order.
  for (const part of [/"error":"not_ready"/, /connection refused/]) assert.match(said, part);
  const ended = async () => (await openresty.sh("pgrep -c nginx || true")) === "0";
  await waitFor(ended, { what: "the end of OpenResty", timeoutMs: 120000, everyMs: 500 });
});

test("OpenResty as a service", async () => {
  const { openresty } = machines;
  const [, , service = ""] = commandBlocks("OpenResty");
  await openresty.sh(service);
  const answers = async () => (await openresty.sh("curl -fsS http://localhost:8084/lb/ping")) === "pong";
  await waitFor(answers, { what: "the service", timeoutMs: 120000 });
  assert.equal(await openresty.sh(`systemd-analyze verify --man=no ${LB}.service`), "");
  const moved = (/** @type {string} */ code) =>
    code
      .replace(/(deploy\/tls\/\S+\.conf )\/etc\/uptime-kuma-cluster\//g, `$1${CONFIGURATION}/`)
      .replace("/etc/uptime-kuma-cluster/listen.conf", `${CONFIGURATION}/listen.conf`);
  await tryHttps("openresty", moved);
});
