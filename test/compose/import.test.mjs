// A single Uptime Kuma in a container, on SQLite, becomes a cluster by the commands of the guide.
import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { after, before, test } from "node:test";
import { freePort } from "../../local/ports.mjs";
import { waitFor } from "../../local/processes.mjs";
import { connect } from "../agent/support/browser.mjs";
import { docker } from "./engine.mjs";
import { assertFurnished, furnish, sql, untilBeating } from "./furnished.mjs";
import { guideCommand, runForProject } from "./guide.mjs";
import { START_MS, areOnline, newProject, stopwatch } from "./project.mjs";

const NODES = ["node1", "node2", "node3"];

/** @type {import("./project.mjs").Project} */
let project;
/** Its container and its volume have this name. @type {string} */
let single;

before(async () => {
  project = await newProject({ files: ["docker-compose-cluster.yaml"] });
  single = `${project.name}-single`;
});
after(async () => {
  await docker(["rm", "--force", "--volumes", single]).catch(() => {});
  await docker(["volume", "rm", single]).catch(() => {});
  await project.close();
});

/** Runs a command of the guide, for this old Uptime Kuma. @param {string} part of its text */
function guide(part) {
  const command = guideCommand("From a single Uptime Kuma", part);
  const named = command
    .replace("-v uptime-kuma:", `-v ${single}:`)
    .replace("docker stop uptime-kuma", `docker stop ${single}`);
  return runForProject(project, named, tmpdir());
}

test("users, monitors, history and icons of a single Uptime Kuma are in the cluster", async (t) => {
  const port = await freePort();
  const place = ["--name", single, "--volume", `${single}:/app/data`, "--publish", `127.0.0.1:${port}:3001`];
  // Its monitors find their target by the same name as in the cluster's network; here nobody answers to it yet.
  await docker(["run", "--detach", ...place, "--env", "UPTIME_KUMA_DB_TYPE=sqlite", "louislam/uptime-kuma:2"]);
  const old = { ...project, url: `http://127.0.0.1:${port}` };
  const serves = async () => (await connect(old)).disconnect();
  await waitFor(async () => (await serves(), true), { what: "the single Uptime Kuma", timeoutMs: START_MS });
  const ids = await furnish(old);
  const time = stopwatch();
  await guide("up -d --build --wait");
  t.diagnostic(`the cluster is up after ${time()}`);
  await guide("compose stop");
  await guide("docker stop");
  const said = await guide("import-sqlite.js");
  t.diagnostic(said.split("\n").find((line) => line.includes("imported:")) ?? said);
  assert.match(said, /imported: \d+ rows of \d+ tables, 1 uploads; monitors for 3 nodes/);
  const homes = await sql(project, "SELECT COUNT(*) FROM monitor GROUP BY node_id ORDER BY node_id");
  assert.deepEqual(homes.split("\n"), ["2", "2", "2"]);
  const beat = Number(await sql(project, "SELECT COALESCE(MAX(id), 0) FROM heartbeat"));
  assert.ok(beat >= ids.length, "the old beats are there");
  await runForProject(project, "docker compose up -d --wait", tmpdir());
  await project.untilNodes((nodes) => areOnline(nodes, NODES), "three nodes online", START_MS);
  await untilBeating(project, beat);
  t.diagnostic(`imported, and each monitor has beaten in the cluster after ${time()}`);
  await assertFurnished(project);
});
