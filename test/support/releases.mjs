// This release, and the one before it from the history of the repository: what a rolling update starts from.
import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const repository = fileURLToPath(new URL("../..", import.meta.url));

/** The version of this tree. @type {string} */
export const VERSION = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")).version;

/** A new release puts its predecessor here. */
export const PREVIOUS = { version: "0.1.0", commit: "a9eb554d46006062621286ecb1f9b005e1a58072" };

/** What a part of the cluster runs, and what it makes in the database. */
const PARTS = ["lua", "nginx", "agent/dist", "sql"];

/**
 * Why the previous release cannot be had from this clone; undefined when it can.
 * @returns {string | undefined}
 */
export function previousProblem() {
  try {
    git("cat-file", "-e", `${PREVIOUS.commit}^{commit}`);
    return undefined;
  } catch (error) {
    const isShallow = gitOr("false", "rev-parse", "--is-shallow-repository") === "true";
    const advice = isShallow ? "this clone is shallow: git fetch --unshallow" : `git fetch origin ${PREVIOUS.commit}`;
    const { stderr = "" } = /** @type {{stderr?: string}} */ (error);
    const said = stderr.trim() === "" ? "" : ` (git says: ${stderr.trim().split("\n").at(-1)})`;
    return `the commit ${PREVIOUS.commit} of release ${PREVIOUS.version} is not here: ${advice}${said}`;
  }
}

/**
 * The names of the previous release's files in a folder.
 * @param {string} folder
 * @returns {string[]} relative to the repository
 * @throws what previousProblem says
 */
export function previousFiles(folder) {
  ensurePrevious();
  return git("ls-tree", "-r", "--name-only", PREVIOUS.commit, `${folder}/`).split("\n");
}

/**
 * The text of a file of the previous release.
 * @param {string} file
 * @returns {string}
 * @throws what previousProblem says
 */
export function previousText(file) {
  ensurePrevious();
  return git("show", `${PREVIOUS.commit}:${file}`);
}

/**
 * Writes what the parts of the previous release run into a folder.
 * @param {string} folder
 * @returns {Promise<string>} the tree to start them from
 * @throws what previousProblem says
 */
export async function extractPrevious(folder) {
  ensurePrevious();
  const tree = join(folder, `release-${PREVIOUS.version}`);
  const archive = join(folder, "release.tar");
  mkdirSync(tree, { recursive: true });
  await run("git", ["archive", "--output", archive, PREVIOUS.commit, ...PARTS], { cwd: repository });
  await run("tar", ["-xf", archive, "-C", tree]);
  rmSync(archive);
  return tree;
}

function ensurePrevious() {
  const problem = previousProblem();
  if (problem !== undefined) throw new Error(problem);
}

/** @param {string[]} args */
function git(...args) {
  return execFileSync("git", args, { cwd: repository, encoding: "utf8", stdio: "pipe", maxBuffer: 64 << 20 }).trim();
}

/** @param {string} fallback @param {string[]} args */
function gitOr(fallback, ...args) {
  try {
    return git(...args);
  } catch {
    return fallback;
  }
}
