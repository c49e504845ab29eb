import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const repository = fileURLToPath(new URL("..", import.meta.url));

const BUILD_INPUTS = [
  ...["src-ts", "agent/src", "agent/package.json", "agent/tsconfig.json", "dashboard", "sql", "tools"],
  ...["tlconfig.json", "package.json", "package-lock.json"],
];
const BUILD_OUTPUTS = ["lua", "agent/dist", "nginx/html"];
const BUILD_STAMP = join(repository, ".cache", "build.sha256");

/**
 * Runs `npm ci` unless node_modules holds what package-lock.json says.
 * @param {(line: string) => void} [say]
 * @throws with what npm says
 */
export async function ensureDependencies(say = () => {}) {
  if (dependenciesInstalled()) return;
  say("installing npm dependencies");
  await npm("ci", "--no-audit", "--no-fund", "--loglevel=error");
}

/**
 * Builds lua/, agent/dist/ and nginx/html/ unless neither they nor their sources changed since the last build here.
 * @param {(line: string) => void} [say]
 * @throws with the compiler's messages
 */
export async function ensureBuild(say = () => {}) {
  const recorded = existsSync(BUILD_STAMP) ? readFileSync(BUILD_STAMP, "utf8") : "";
  if (recorded === buildDigest()) return;
  say("building lua/, agent/dist/ and nginx/html/");
  await npm("run", "--silent", "build");
  mkdirSync(join(repository, ".cache"), { recursive: true });
  writeFileSync(BUILD_STAMP, buildDigest());
}

/** @param {string[]} args */
async function npm(...args) {
  try {
    await run("npm", args, { cwd: repository, maxBuffer: 64 << 20 });
  } catch (error) {
    const { stdout = "", stderr = "" } = /** @type {Error & {stdout?: string, stderr?: string}} */ (error);
    throw new Error(`npm ${args.join(" ")} failed:\n${`${stdout}\n${stderr}`.trim()}`, { cause: error });
  }
}

/** Has every package of the lock file been installed in its version? */
function dependenciesInstalled() {
  const installed = packagesOf(join(repository, "node_modules", ".package-lock.json"));
  const wanted = packagesOf(join(repository, "package-lock.json"));
  return Object.entries(wanted).every(([path, { version, optional, link }]) => {
    if (!path.includes("node_modules/") || optional || link) return true;
    return installed[path]?.version === version;
  });
}

/**
 * @param {string} file
 * @returns {Record<string, {version?: string, optional?: boolean, link?: boolean}>}
 */
function packagesOf(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).packages : {};
}

function buildDigest() {
  const hash = createHash("sha256");
  for (const file of [...BUILD_INPUTS, ...BUILD_OUTPUTS].flatMap((path) => filesUnder(join(repository, path)))) {
    hash.update(file).update("\0").update(readFileSync(file, "utf8")).update("\0");
  }
  return hash.digest("hex");
}

/**
 * @param {string} path
 * @returns {string[]} sorted
 */
function filesUnder(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesUnder(join(path, name)));
}
