// What a soak runs: a copy of lua/, nginx/ and agent/dist/, so that nothing changes under its feet, with one addition.
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { withLua } from "../../../bench/with-lua.mjs";

const repository = fileURLToPath(new URL("../../../", import.meta.url));
const PARTS = ["lua", "nginx", "agent/dist"];
const FLUSH_S = 60;
/**
 * LuaJIT compiles a path that is rarely taken after hours, and keeps up to a thousand traces and more: that growth ends by
 * itself, but in the end hides what does not. So the compiled code is dropped again and again: what still grows is data.
 */
const FORGETS_COMPILED_CODE = `ngx.timer.every(${FLUSH_S}, function() require("jit").flush() collectgarbage() end)`;

/** Makes the copy. @param {string} folder */
export function copyTree(folder) {
  for (const part of PARTS) cpSync(join(repository, part), join(folder, part), { recursive: true });
  const file = join(folder, "nginx/conf.d/cluster.conf");
  const change = withLua({ init_worker: FORGETS_COMPILED_CODE });
  writeFileSync(file, change(readFileSync(file, "utf8"), "cluster.conf"));
}
