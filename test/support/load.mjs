// Loads a source file in TypeScript for a unit test.
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";

const require = createRequire(import.meta.url);

/**
 * @param {string} file
 * @param {Record<string, string>} [define] what a build puts in place of names
 * @returns {Promise<any>} what it exports
 */
export async function loadModule(file, define = {}) {
  const dir = mkdtempSync(join(tmpdir(), "module-"));
  const outfile = join(dir, "module.cjs");
  try {
    await build({
      ...{ entryPoints: [file], outfile, define },
      ...{ bundle: true, platform: "node", format: "cjs", logLevel: "warning" },
    });
    return require(outfile);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
