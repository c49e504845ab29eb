import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { nginxProgram } from "../../../local/load-balancer.mjs";

const repository = fileURLToPath(new URL("../../..", import.meta.url));
const STOP_LIMIT_MS = 3000;
const TEST_VARIABLES = ["TEST_CONTROL_PORT", "TEST_SHA2_PORT", "TEST_PROPERTY_SEED", "TEST_PROPERTY_RUNS"];

/** @param {string[]} files */
function luaList(files) {
  return `{ ${files.map((file) => `[[${file}]]`).join(", ")} }`;
}

/** @param {string} dir @param {string[]} files */
function configuration(dir, files) {
  return `
daemon off;
worker_processes 1;
${process.getuid?.() === 0 ? "user root;" : ""}
pid ${dir}/nginx.pid;
error_log ${dir}/error.log notice;
include ${repository}nginx/conf.d/main.conf;
${TEST_VARIABLES.map((name) => `env ${name};`).join("\n")}
events { worker_connections 1024; }
http {
  access_log off;
  lua_package_path "${repository}lua/?.lua;${repository}test/lua/?.lua;;${repository}lua/compat/?.lua";
  lua_socket_log_errors off;
  lua_shared_dict health_checker 10m;
  lua_shared_dict monitor_routing 10m;
  lua_shared_dict node_capacity 1m;
  lua_shared_dict cluster_probe 8m;
  lua_shared_dict cluster_metrics 2m;
  lua_shared_dict cluster_control 128k;
  lua_shared_dict spec_run 1m;
  init_worker_by_lua_block { require("support.in_worker").start(${luaList(files)}) }
}
`;
}

/**
 * Starts an nginx whose one worker runs the spec files; busted's output goes to our standard output.
 * @param {{dir: string, files: string[], env: NodeJS.ProcessEnv}} settings `files` relative to the repository
 */
export async function startWorker({ dir, files, env }) {
  mkdirSync(dir, { recursive: true });
  const log = join(dir, "error.log");
  writeFileSync(join(dir, "nginx.conf"), configuration(dir, files));
  const { binary, globals } = nginxProgram();
  const args = ["-p", dir, "-c", join(dir, "nginx.conf"), "-e", log, "-g", globals];
  const { PATH, HOME } = process.env;
  const child = spawn(binary, args, {
    cwd: repository,
    env: { PATH, HOME, ...env },
    stdio: ["ignore", "inherit", "inherit"],
  });
  /** @type {Promise<string>} */
  const ended = new Promise((resolve) => {
    child.once("error", (error) => resolve(`cannot start ${binary}: ${error.message}`));
    child.once("exit", (code) => resolve(`nginx ended before the specs did (exit code ${code})`));
  });
  return {
    log,
    ended,
    async close() {
      if (child.pid === undefined || child.exitCode !== null) return;
      const workers = childrenOf(child.pid);
      child.kill("SIGTERM");
      // A worker in an endless loop does not see its master's signal.
      const limit = setTimeout(() => [...workers, Number(child.pid)].forEach(kill), STOP_LIMIT_MS);
      await ended;
      clearTimeout(limit);
    },
  };
}

/** @param {number} pid */
function childrenOf(pid) {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return text === "" ? [] : text.split(" ").map(Number);
}

/** @param {number} pid */
function kill(pid) {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ESRCH") throw error;
  }
}
