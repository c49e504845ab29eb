// The backup of the guide, put back in place and into a new project, as on a new machine.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { commandWith } from "../support/markdown-commands.mjs";
import { assertFurnished, furnish, sql, untilBeating } from "./furnished.mjs";
import { START_MS, areOnline, newProject, runForProject, stopwatch } from "./project.mjs";

const NODES = ["node1", "node2", "node3"];
const FILES = ["docker-compose-cluster.yaml"];

/** Each table in full, the columns that Uptime Kuma does not see included; statistics and beats go on meanwhile. */
const CONTENT = `SELECT id, name, node_id, assigned_node, owner_node, active FROM monitor ORDER BY id;
  SELECT * FROM user; SELECT * FROM tag; SELECT * FROM monitor_tag; SELECT id, slug, icon FROM status_page;
  SELECT name, MD5(data) FROM cluster_file; SELECT * FROM cluster_pin; SELECT COUNT(*) > 5 FROM heartbeat`;
/** What the cluster's columns are. */
const COLUMNS = `SELECT COLUMN_NAME, COLUMN_TYPE, COLLATION_NAME, COLUMN_DEFAULT, EXTRA, GENERATION_EXPRESSION
  FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = 'kuma' AND TABLE_NAME = 'monitor' AND EXTRA LIKE '%INVISIBLE%' ORDER BY 1;
  SELECT DISTINCT INDEX_NAME FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = 'kuma' AND TABLE_NAME = 'monitor' ORDER BY 1`;

/** @type {string} */
let folder;
/** @type {import("./project.mjs").Project} */
let project;
/** @type {string} */
let content;
/** @type {string} */
let columns;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "backup-"));
  project = await newProject({ files: FILES });
  await project.compose("up", "--detach", "--build");
  await project.untilNodes((nodes) => areOnline(nodes, NODES), "three nodes online", START_MS);
  const [first] = await furnish(project);
  await untilBeating(project, 0);
  // One is pinned, and one is away from home.
  await sql(project, `INSERT INTO cluster_pin (monitor_id) VALUES (${first})`);
});
after(async () => {
  await project?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a command of the guide. @param {import("./project.mjs").Project} where @param {string} part of its text */
function guide(where, part) {
  return runForProject(where, commandWith("Backup and restore", part), folder);
}

const lastBeat = async (/** @type {import("./project.mjs").Project} */ where) =>
  Number(await sql(where, "SELECT MAX(id) FROM heartbeat"));

test("the backup has all of it while the cluster runs", async (t) => {
  await guide(project, "mariadb-dump");
  await guide(project, "cp uptime-kuma-node1");
  content = await sql(project, CONTENT);
  columns = await sql(project, COLUMNS);
  assert.equal(columns.split("\n").filter((line) => /INVISIBLE/.test(line)).length, 4, columns);
  const dump = readFileSync(join(folder, "backup.sql"), "utf8");
  t.diagnostic(`${Math.round(dump.length / 1024)} KB`);
  assert.match(dump, /`owner_node` .*GENERATED ALWAYS AS .*INVISIBLE/);
});

test("put back in place, it is what it was, and every monitor is at home", async (t) => {
  await sql(project, "DELETE FROM monitor WHERE id > 2; UPDATE user SET password = ''; DELETE FROM cluster_file");
  const time = stopwatch();
  await guide(project, "compose stop");
  await guide(project, "DROP DATABASE");
  await guide(project, "< backup.sql");
  assert.equal(await sql(project, CONTENT), content);
  assert.equal(await sql(project, COLUMNS), columns);
  const beat = await lastBeat(project);
  await guide(project, "up -d --wait");
  await project.untilNodes((nodes) => areOnline(nodes, NODES), "three nodes online", START_MS);
  await untilBeating(project, beat);
  t.diagnostic(`stopped, restored, and each monitor has beaten after ${time()}`);
  assert.equal(await sql(project, CONTENT), content);
  await assertFurnished(project);
});

test("in a new project it runs as well, whoever held a lease or was a node when it was made", async (t) => {
  const other = await newProject({ files: FILES });
  try {
    // As if the backup had been made while another load balancer led, a node died in the middle of its start, and a fourth ran.
    await sql(
      project,
      `UPDATE cluster_lease SET holder = 'elsewhere', session = 'f00f00f00f00', renewed_at = NOW(6), epoch = epoch + 100;
       INSERT INTO cluster_lease (name, holder, session, epoch) VALUES ('boot', 'node4', 'beefbeefbeef', 7)
         ON DUPLICATE KEY UPDATE holder = 'node4', session = 'beefbeefbeef', renewed_at = NOW(6);
       INSERT INTO node (node_id, node_name, host, status, last_seen) VALUES ('node4', 'node4', 'uptime-kuma-node4:3001', 'online', NOW(6));
       UPDATE monitor SET node_id = 'node4' WHERE name = 'm6'`,
    );
    await guide(project, "mariadb-dump");
    await project.compose("stop");
    const time = stopwatch();
    await other.compose("build");
    await guide(other, "up -d --wait mariadb");
    await guide(other, "< backup.sql");
    const beat = await lastBeat(other);
    await guide(other, "up -d --wait");
    await other.untilNodes((nodes) => areOnline(nodes, NODES), "three nodes online", START_MS);
    const moved = (/** @type {Record<string, any>} */ nodes) =>
      nodes.node4?.status === "offline" && NODES.reduce((sum, id) => sum + nodes[id].monitor_count, 0) === 6;
    await other.untilNodes(moved, "the monitors of a node that is not there elsewhere", START_MS);
    await untilBeating(other, beat);
    t.diagnostic(`from an empty project until each monitor has beaten: ${time()}`);
    await assertFurnished(other);
    const homes = await sql(other, "SELECT name, node_id FROM monitor WHERE node_id <> 'node4' ORDER BY id");
    assert.equal(homes, await homesOf(content));
  } finally {
    await other.close();
  }
});

/** Name and home of those that were not given to another node. @param {string} text */
async function homesOf(text) {
  const rows = text.split("\n").map((line) => line.split("\t"));
  const monitors = rows.filter(([, name]) => /^m[1-5]$/.test(name ?? ""));
  return monitors.map(([, name, home]) => `${name}\t${home}`).join("\n");
}
