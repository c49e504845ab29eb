// The sections of CLUSTER_DEPLOYMENT_GUIDE.md about upgrades, command by command.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { startLoad } from "../support/http.mjs";
import { docker } from "./engine.mjs";
import { newReader, untilAllRun, useKuma } from "./reader.mjs";
import { stopwatch } from "./project.mjs";

const MONITORS = 6;
const NODES = ["uptime-kuma-node1", "uptime-kuma-node2", "uptime-kuma-node3"];
const OTHER_TAG = `kt-uptime-kuma:${randomBytes(4).toString("hex")}`;

/** @type {import("./reader.mjs").Reader} */
let reader;
/** @type {ReturnType<import("./reader.mjs").Reader["read"]>} */
let guide;

before(async () => {
  reader = await newReader();
  await docker(["tag", "louislam/uptime-kuma:2", OTHER_TAG]);
  guide = reader.read("CLUSTER_DEPLOYMENT_GUIDE.md", "test/compose/guide-upgrade.test.mjs", [
    ["louislam/uptime-kuma:2", OTHER_TAG],
  ]);
  guide.set("COMPOSE_FILE", "docker-compose-cluster.yaml");
  await guide.script("install -m 600 .env.example .env; docker compose up -d --build --wait");
  await useKuma(reader, MONITORS);
  await untilAllRun(reader, MONITORS);
});
after(async () => {
  await reader?.close();
  await docker(["image", "rm", OTHER_TAG]).catch(() => {});
});

/** @param {string} format @param {string[]} services */
async function inspect(format, services) {
  return (await docker(["inspect", "--format", format, ...services.map(reader.container)])).split("\n");
}

test("another tag of Uptime Kuma, one node after the other, while users are there", async (t) => {
  const load = startLoad(`${reader.url}/dashboard`, { pauseMs: 100 });
  t.after(load.stop);
  const time = stopwatch();
  await guide.run("Upgrade Uptime Kuma");
  t.diagnostic(`three nodes after ${time()}`);
  const { total, failures, nodes } = await load.stop();
  t.diagnostic(`${total} requests ${JSON.stringify(nodes)}`);
  assert.deepEqual(failures, []);
  assert.deepEqual(new Set(await inspect("{{.Config.Image}}", NODES)), new Set([OTHER_TAG]));
  await untilAllRun(reader, MONITORS);
});

test("a new image of the cluster, one container after the other", async (t) => {
  const all = ["openresty", ...NODES];
  const before = await inspect("{{.Id}}", all);
  const time = stopwatch();
  await guide.run("Upgrade the cluster");
  t.diagnostic(`after ${time()}`);
  const now = await inspect("{{.Id}}", all);
  assert.deepEqual(
    now.filter((id) => before.includes(id)),
    [],
  );
  await untilAllRun(reader, MONITORS);
  guide.finish();
});
