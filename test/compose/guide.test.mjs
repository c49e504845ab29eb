// CLUSTER_DEPLOYMENT_GUIDE.md from the first command to the last, as somebody would who reads it.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { freePort } from "../../local/ports.mjs";
import { stopProcess, waitFor } from "../../local/processes.mjs";
import { request } from "../support/http.mjs";
import { docker } from "./engine.mjs";
import { newReader, untilAllRun, useKuma } from "./reader.mjs";
import { stopwatch } from "./project.mjs";

const MONITORS = 6;
const secret = randomBytes(12).toString("hex");

/** @type {import("./reader.mjs").Reader} */
let reader;
/** @type {ReturnType<import("./reader.mjs").Reader["read"]>} */
let guide;

before(async () => {
  reader = await newReader();
  guide = reader.read("CLUSTER_DEPLOYMENT_GUIDE.md", "test/compose/guide.test.mjs", [
    ["localhost:8084", `127.0.0.1:${reader.ports.LB_PORT}`],
  ]);
  guide.set("SECRET", secret);
});
after(() => reader?.close());

test("settings, then the first start", async (t) => {
  await guide.run("Settings", 0);
  reader.fillIn("DB_PASSWORD", "first-password");
  reader.fillIn("CLUSTER_SECRET", secret);
  const time = stopwatch();
  await guide.run("Docker Compose", 0);
  await reader.untilNodes((nodes) => Object.values(nodes).length === 3, "three nodes");
  await useKuma(reader, MONITORS);
  await untilAllRun(reader, MONITORS);
  t.diagnostic(`six monitors run ${time()} after the first command`);
  assert.match(await guide.run("Docker Compose", 1), /pong/);
  await guide.run("Docker Compose", 2);
});

test("the database gets another password", async () => {
  await guide.run("Settings", 1);
  const [, password] = /^DB_PASSWORD=(.*)$/m.exec(readFileSync(join(reader.folder, ".env"), "utf8")) ?? [];
  assert.match(String(password), /^[0-9a-f]{48}$/);
  await untilAllRun(reader, MONITORS);
  const ask = (/** @type {string} */ word) =>
    guide.script(`docker compose exec -T mariadb mariadb -ukuma -p${word} -e ""`);
  await ask(String(password));
  await assert.rejects(ask("first-password"), /Access denied/);
});

test("the load balancer speaks HTTPS", async () => {
  const port = await freePort();
  const certs = join(reader.folder, "certs");
  mkdirSync(certs);
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  const files = ["-keyout", join(certs, "key.pem"), "-out", join(certs, "cert.pem")];
  execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", ...subject, ...files], {
    stdio: "pipe",
  });
  await guide.script("chown 10001 certs/key.pem; chmod 400 certs/key.pem");
  reader.write("listen.conf", guide.text("Settings", "nginx"));
  const override = guide.text("Settings", "yaml");
  assert.match(override, /"443:8443"/);
  reader.write("docker-compose.tls.yaml", override.replace("443:8443", `127.0.0.1:${port}:8443`));
  const tls = "COMPOSE_FILE=docker-compose-cluster.yaml:docker-compose.tls.yaml docker compose";
  await guide.script(`${tls} up -d --wait openresty`);
  const ping = `curl -sS --http2 -w '%{http_version}' --cacert certs/cert.pem https://localhost:${port}/lb/ping`;
  assert.match(await guide.script(ping), /^pong\s*2$/);
  await guide.script(`${tls} exec -T openresty openresty -s reload`);
  assert.match(await guide.script(ping), /^pong/);
  await guide.script("docker compose up -d --wait openresty");
});

test("a fourth node comes and goes for good", async () => {
  await guide.run("One more node", 0);
  await reader.untilNodes((nodes) => nodes.node4?.status === "online", "node4 online");
  await guide.run("One more node", 1);
  await reader.untilNodes((nodes) => (nodes.node4?.monitor_count ?? 0) > 0, "a monitor at node4");
  await guide.run("One more node", 2);
  await reader.untilNodes((nodes) => nodes.node4 === undefined, "no node4");
  await untilAllRun(reader, MONITORS);
});

test("two load balancers, and HAProxy before them", async (t) => {
  await guide.run("Two load balancers");
  const second = `http://127.0.0.1:${reader.ports.LB2_PORT}`;
  assert.equal((await request(`${second}/lb/readyz`)).status, 200);
  const version = await guide.script("haproxy -v || true");
  if (version === "") return t.diagnostic("HAProxy is not installed here: that part has not run");
  const port = await freePort();
  const { LB_PORT, LB2_PORT } = reader.ports;
  const adapted = [
    ["bind :80\n", `bind 127.0.0.1:${port}\n`],
    [":8084 ", `:${LB_PORT} `],
    [":8085 ", `:${LB2_PORT} `],
  ];
  const text = adapted.reduce(
    (changed, [from = "", to = ""]) => {
      assert.ok(changed.includes(from), from);
      return changed.replace(from, to);
    },
    guide.text("Two load balancers", "haproxy"),
  );
  reader.write("haproxy.cfg", text);
  const proxy = spawn("haproxy", ["-f", join(reader.folder, "haproxy.cfg")], { stdio: "ignore" });
  t.after(() => stopProcess(Number(proxy.pid)));
  const ready = async () => (await request(`http://127.0.0.1:${port}/lb/readyz`, { keepAlive: false })).status === 200;
  await waitFor(ready, { what: "HAProxy" });
  const time = stopwatch();
  await docker(["stop", reader.container("openresty")]);
  await waitFor(ready, { what: "HAProxy by the second load balancer" });
  t.diagnostic(`the second one answers ${time()} after docker stop of the first one`);
  await docker(["start", reader.container("openresty")]);
});

test("logs, stop, and nothing is left", async () => {
  await guide.script("docker compose up -d --wait");
  assert.match(await guide.run("Logs"), /"failover_history"/);
  await guide.run("Stop, and remove");
  const filter = ["--filter", `label=com.docker.compose.project=${reader.name}`, "--quiet"];
  assert.equal(await docker(["ps", "--all", ...filter]), "");
  assert.equal(await docker(["volume", "ls", ...filter]), "");
  guide.finish();
});
