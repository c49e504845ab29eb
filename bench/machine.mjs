// What the figures were taken on: nothing that tells whose machine it is.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, release, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { nginxProgram } from "../local/load-balancer.mjs";

const run = promisify(execFile);

/** The first number with points in what a program says of itself. @param {string} program @param {string[]} args */
async function version(program, args) {
  // wrk ends with an error after its version.
  const { stdout = "", stderr = "" } = await run(program, args).catch((error) => error);
  return /\d+\.\d[\w.]*/.exec(stdout + stderr)?.[0] ?? "not found";
}

/** What Lua in nginx says of nginx, ngx_lua and LuaJIT. @returns {Promise<Record<string, string>>} */
async function luaVersions() {
  const dir = mkdtempSync(join(tmpdir(), "versions-"));
  const { binary, globals } = nginxProgram();
  const file = join(dir, "found");
  const code = `local file = io.open("${file}", "w")
    local three = function(number, digits) return table.concat({ math.floor(number / 10 ^ (2 * digits)),
      math.floor(number / 10 ^ digits) % 10 ^ digits, number % 10 ^ digits }, ".") end
    file:write(three(ngx.config.nginx_version, 3), " ", three(ngx.config.ngx_lua_version, 3), " ", jit.version)
    file:close() os.exit(0)`;
  const main = join(dir, "nginx.conf");
  writeFileSync(main, `daemon off; error_log stderr; pid ${dir}/pid; events {} http { init_by_lua_block { ${code} } }`);
  try {
    await run(binary, ["-p", dir, "-c", main, "-e", "stderr", "-g", globals]);
    const [nginx = "", ngx_lua = "", ...luajit] = readFileSync(file, "utf8").split(" ");
    return { nginx, ngx_lua, luajit: luajit.join(" ") };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** The processor, the kernel, and the versions of all that takes part. */
export async function machineFacts() {
  const processors = cpus();
  return {
    processor: processors[0]?.model.trim() ?? "unknown",
    cores: processors.length,
    memory_gb: Math.round(totalmem() / 2 ** 30),
    kernel: `Linux ${release().split("-")[0]}`,
    versions: {
      ...(await luaVersions()),
      haproxy: await version("haproxy", ["-v"]),
      caddy: await version("caddy", ["version"]),
      mariadb: await version("mariadbd", ["--version"]),
      node: process.versions.node,
      wrk: await version("wrk", ["-v"]),
    },
  };
}
