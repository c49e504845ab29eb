// The sections of CLUSTER_DEPLOYMENT_GUIDE.md about backups and probes, and what other documents ask of a cluster by curl.
import assert from "node:assert/strict";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ask, logIn } from "../agent/support/browser.mjs";
import { USER } from "../agent/support/cluster.mjs";
import { newReader, untilAllRun, useKuma } from "./reader.mjs";
import { SECRET, stopwatch } from "./project.mjs";

const FILE = "test/compose/guide-backup.test.mjs";
const GUIDE = "CLUSTER_DEPLOYMENT_GUIDE.md";
const MONITORS = 3;

/** @type {import("./reader.mjs").Reader} */
let reader;
/** @type {ReturnType<import("./reader.mjs").Reader["read"]>} */
let guide;
/** @type {string} */
let probesFolder;
let monitors = MONITORS;

before(async () => {
  reader = await newReader();
  probesFolder = reader.copy("probe");
  guide = reader.read(GUIDE, FILE, [
    ["https://kuma.example.com/lb/probes", `${reader.url}/lb/probes`],
    // The probe is in the cluster's network, since nobody else reaches it here.
    ["https://kuma.example.com", "http://openresty:8084"],
    ["docker-compose.probe.yaml up", "docker-compose.probe.yaml -f test/compose/probe-network.yaml up"],
    ["CLUSTER_SECRET=...", `CLUSTER_SECRET=${SECRET}`],
    ["probe-us", `${reader.name}`],
  ]);
  guide.set("COMPOSE_FILE", "docker-compose-cluster.yaml");
  guide.set("SECRET", SECRET);
  await guide.script("install -m 600 .env.example .env");
  reader.fillIn("CLUSTER_SECRET", SECRET);
  await guide.script("docker compose up -d --build --wait");
  await useKuma(reader, MONITORS);
  await untilAllRun(reader, MONITORS);
});
after(() => reader?.close());

test("a monitor is made as API_DOCUMENTATION.md says", async () => {
  const port = /** @type {[string, string]} */ (["localhost:8084", new URL(reader.url).host]);
  const api = reader.read("API_DOCUMENTATION.md", FILE, [port]);
  api.set("KEY", `Basic ${Buffer.from(`${USER.username}:${USER.password}`).toString("base64")}`);
  const { monitor, id } = JSON.parse(await api.run("Monitors"));
  assert.ok(monitor?.id ?? id);
  api.finish();
  monitors += 1;
  await untilAllRun(reader, monitors);
});

test("a check from several places is made as docs/regions.md says, and a probe registers as the guide says", async (t) => {
  const regions = reader.read("docs/regions.md", FILE, [["127.0.0.1:8084", new URL(reader.url).host]]);
  regions.set("SECRET", SECRET);
  assert.match(await regions.run("Checks from several places"), /"web shop"/);
  regions.finish();
  monitors += 1;
  const time = stopwatch();
  assert.match(await guide.run("A probe in another region", undefined, probesFolder), new RegExp(`"${reader.name}"`));
  t.diagnostic(`after ${time()}`);
});

/** @param {string} event @param {unknown[]} args */
async function tellKuma(event, ...args) {
  const socket = await logIn(reader);
  const answer = await ask(socket, event, ...args);
  socket.disconnect();
  assert.equal(answer.ok, true, JSON.stringify(answer));
}

test("a backup brings back what was deleted", async (t) => {
  await guide.run("Backup and restore", 0);
  const file = statSync(join(reader.folder, "backup.sql"));
  assert.ok(file.size > 10000, String(file.size));
  assert.equal(file.mode & 0o077, 0);
  assert.ok(existsSync(join(reader.folder, "backup-node1", "upload")));
  await tellKuma("deleteMonitor", 1);
  await untilAllRun(reader, monitors - 1);
  const time = stopwatch();
  await guide.run("Backup and restore", 1);
  await untilAllRun(reader, monitors);
  t.diagnostic(`restored after ${time()}`);
});

test("a backup makes the same cluster on a new machine", async (t) => {
  await guide.script(
    `docker rm -fv $(docker ps -q --filter label=com.docker.compose.project=uptime-kuma-${reader.name})`,
  );
  await guide.script("docker compose down -v");
  const time = stopwatch();
  await guide.run("Backup and restore", 2);
  await untilAllRun(reader, monitors);
  (await logIn(reader)).disconnect();
  t.diagnostic(`after ${time()}`);
  guide.finish();
});
