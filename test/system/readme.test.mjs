// What README.md shows to whoever tries it without Docker, run as it stands there.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { freePort, neighbouringPorts } from "../../local/ports.mjs";
import { openWalk } from "../support/markdown-commands.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const data = mkdtempSync(join(tmpdir(), "up-"));
const port = await freePort();
const env = {
  ...{ DATA: data, PORT: String(port), DB_PORT: String(await freePort()) },
  NODE_PORT: String(await neighbouringPorts(3)),
};
const walk = openWalk("README.md", "test/system/readme.test.mjs", {
  ...{ cwd: root, env },
  replacements: [["127.0.0.1:8084", `127.0.0.1:${port}`]],
});

after(async () => {
  await walk.script("make down");
  rmSync(data, { recursive: true, force: true });
});

test("a cluster starts, loses a node, gets it back and is emptied of another", async () => {
  assert.match(await walk.run("Try it", 0), new RegExp(`is up: http://127\\.0\\.0\\.1:${port}`));
  const said = await walk.run("Try it", 1);
  const [health = "", history = "", , drained = ""] = said.split("\n").filter((line) => line.startsWith("{"));
  assert.equal(JSON.parse(health).nodes.length, 3, said);
  assert.ok(Array.isArray(JSON.parse(history).failover_history), said);
  assert.deepEqual([JSON.parse(drained).node_id, JSON.parse(drained).drained], ["node2", true], said);
  walk.finish();
});
