import { execFile } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { ensurePackages } from "./host.mjs";

const run = promisify(execFile);
const repository = fileURLToPath(new URL("..", import.meta.url));
const DRIVER = "@louislam/sqlite3";
const COMPILER = ["g++", "make", "python3"];

/**
 * Finds the SQLite driver of an Uptime Kuma; where it was installed without, it is compiled, once, into a folder of its own.
 * @param {string} kumaDir
 * @param {(line: string) => void} [say]
 * @returns {Promise<string>} the folder of the module, to be loaded from there
 * @throws with the end of what npm says
 */
export async function ensureSqliteDriver(kumaDir, say = () => {}) {
  const manifest = createRequire(join(kumaDir, "server", "server.js")).resolve(`${DRIVER}/package.json`);
  if (await loads(dirname(manifest))) return dirname(manifest);
  const { version } = createRequire(manifest)(manifest);
  const cache = join(repository, ".cache", "sqlite");
  const dir = join(cache, "node_modules", DRIVER);
  if (await loads(dir)) return dir;
  await ensurePackages(COMPILER, say);
  say(`compiling ${DRIVER} ${version} into ${cache} (once, a minute or two)`);
  mkdirSync(cache, { recursive: true });
  writeFileSync(
    join(cache, "package.json"),
    `${JSON.stringify({ private: true, dependencies: { [DRIVER]: version } })}\n`,
  );
  // Node.js brings the headers of its own version; without this they would be fetched from its site.
  const headers = join(dirname(dirname(process.execPath)), "include", "node");
  const nodedir = existsSync(headers) ? [`--nodedir=${dirname(dirname(headers))}`] : [];
  const args = ["install", "--build-from-source", ...nodedir, "--no-audit", "--no-fund", "--loglevel=error"];
  try {
    await run("npm", args, { cwd: cache, maxBuffer: 64 << 20 });
  } catch (error) {
    const { stderr = "" } = /** @type {Error & {stderr?: string}} */ (error);
    throw new Error(`cannot compile ${DRIVER}: ${stderr.trim().slice(-2000)}`, { cause: error });
  }
  return dir;
}

/** Does the driver load in a Node.js process? @param {string} dir */
async function loads(dir) {
  if (!existsSync(dir)) return false;
  return run(process.execPath, ["-e", `require(${JSON.stringify(dir)})`]).then(
    () => true,
    () => false,
  );
}
