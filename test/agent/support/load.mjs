// Loads a source file of the agent for a unit test.
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const source = fileURLToPath(new URL("../../../agent/src/", import.meta.url));
const require = createRequire(import.meta.url);

/**
 * @param {string} name a module of agent/src, without its extension
 * @returns {Promise<any>} what it exports
 */
export async function load(name) {
  const dir = mkdtempSync(join(tmpdir(), "agent-"));
  const outfile = join(dir, "module.cjs");
  try {
    const entryPoints = [join(source, `${name}.ts`)];
    const define = { BUNDLED_VERSION: '"0.0.0"' };
    await build({ entryPoints, outfile, bundle: true, platform: "node", format: "cjs", logLevel: "warning", define });
    return require(outfile);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
