// Commands of the deployment guide, run as they stand there.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const repository = fileURLToPath(new URL("../..", import.meta.url));

/**
 * A command in a section of the guide.
 * @param {string} heading of the section
 * @param {string} part of its text; the first command that has it counts
 * @returns {string}
 */
export function guideCommand(heading, part) {
  const guide = readFileSync(join(repository, "CLUSTER_DEPLOYMENT_GUIDE.md"), "utf8");
  const [section = ""] = guide.slice(guide.indexOf(`### ${heading}\n`)).split("\n### ");
  const blocks = [...section.matchAll(/```sh\n(.*?)```/gs)].map(([, text = ""]) => text.replace(/\\\n\s*/g, ""));
  const found = blocks.flatMap((text) => text.split("\n")).find((command) => command.includes(part));
  assert.ok(found, `"${heading}" has no command with ${part}`);
  return found;
}

/**
 * Runs a command for a project.
 * @param {import("./project.mjs").Project} project @param {string} command @param {string} cwd
 * @returns {Promise<string>} what it prints
 * @throws with the end of what the project's containers say
 */
export async function runForProject(project, command, cwd) {
  const env = { ...process.env, ...project.env, COMPOSE_PROJECT_NAME: project.name };
  const files = { COMPOSE_FILE: join(repository, "docker-compose-cluster.yaml") };
  const options = { cwd, env: { ...env, ...files }, maxBuffer: 64 << 20 };
  try {
    const { stdout, stderr } = await run("sh", ["-c", command], options);
    return stdout + stderr;
  } catch (error) {
    const { stdout } = await run("docker", ["compose", "logs", "--tail", "12"], options);
    throw new Error(`${/** @type {Error} */ (error).message}\n${stdout}`, { cause: error });
  }
}
