// The Docker engine that answers here: DOCKER_HOST, the context's, or the one of this machine.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const repository = fileURLToPath(new URL("../..", import.meta.url));
const ANSWER_LIMIT_MS = 15000;

/**
 * Why nothing can be tried here; undefined when an engine and Compose answer.
 * @returns {Promise<string | undefined>}
 */
export async function engineProblem() {
  for (const args of [["info"], ["compose", "version"]]) {
    try {
      await run("docker", args, { timeout: ANSWER_LIMIT_MS });
    } catch (error) {
      const { code, stderr = "", message } = /** @type {Error & {code?: unknown, stderr?: string}} */ (error);
      if (code === "ENOENT") return "the program docker is not installed";
      return `docker ${args.join(" ")} fails: ${stderr.trim().split("\n").at(-1) || message}`;
    }
  }
  return undefined;
}

/**
 * Runs the docker client in the repository.
 * @param {string[]} args
 * @param {Record<string, string>} [env] added to the environment
 * @returns {Promise<string>} what it prints to standard output, trimmed
 * @throws with what it prints to standard error
 */
export async function docker(args, env = {}) {
  try {
    const options = { cwd: repository, env: { ...process.env, ...env }, maxBuffer: 64 << 20 };
    return (await run("docker", args, options)).stdout.trim();
  } catch (error) {
    const { stdout = "", stderr = "", message } = /** @type {Error & {stdout?: string, stderr?: string}} */ (error);
    const said = `${stdout}\n${stderr}`.trim().split("\n").slice(-25).join("\n");
    throw new Error(`docker ${args.join(" ")} failed:\n${said || message}`, { cause: error });
  }
}

/**
 * The fields of what `docker ... --format json` prints, a line for each object.
 * @param {string} text
 * @returns {any[]}
 */
export function jsonLines(text) {
  return text === "" ? [] : text.split("\n").map((line) => JSON.parse(line));
}
