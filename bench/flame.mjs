// make flame: where the time of a worker goes under load, once by the stacks of Lua and once by those of nginx and the
// kernel. Writes lua.folded and perf.txt into OUT, both for speedscope or any other that draws flame graphs.
//
// Variables: OUT=folder NODES=3 WORKLOAD=bare|page|script SECONDS=10.
import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { measure } from "./load.mjs";
import { changedConfiguration, close, startBackends, startDatabase, startOurs } from "./stage.mjs";
import { withLua } from "./with-lua.mjs";

const run = promisify(execFile);
const { OUT = "flame", NODES = "3", WORKLOAD = "bare", SECONDS = "10" } = process.env;
const load = { workload: WORKLOAD, seconds: Number(SECONDS), connections: 32 };

try {
  const folder = resolve(OUT);
  mkdirSync(folder, { recursive: true });
  const location = 'content_by_lua_block { require("bench_stacks").report() }';
  const configuration = changedConfiguration("stacks", withLua({ location }));
  const db = await startDatabase(await startBackends(Number(NODES)));
  const lb = await startOurs(db, { configuration });
  await measure(lb.url, { ...load, seconds: 3 });
  await fetch(`${lb.url}/bench?stacks=start`);
  await measure(lb.url, load);
  writeFileSync(join(folder, "lua.folded"), await (await fetch(`${lb.url}/bench`)).text());
  const data = join(folder, "perf.data");
  const record = ["record", "-q", "-o", data, "-F", "499", "-g", "-p", String(lb.workers()[0]), "--", "sleep", SECONDS];
  await Promise.all([run("perf", record), measure(lb.url, { ...load, seconds: Number(SECONDS) + 1 })]);
  const { stdout } = await run("perf", ["script", "-i", data], { maxBuffer: 1 << 30 });
  writeFileSync(join(folder, "perf.txt"), stdout);
  console.error(`flame: ${folder}/lua.folded and ${folder}/perf.txt; to look at one: npx speedscope <file>`);
} finally {
  await close();
}
