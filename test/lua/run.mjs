// Runs the specs of test/lua by busted inside a worker of a real nginx, with cosockets, timers and shared dicts, against
// a private MariaDB and a scripted DNS server. Arguments: parts of the paths of the specs to run; none runs all.
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { freePorts } from "../../local/ports.mjs";
import { startCachingSha2Server } from "./support/caching-sha2-server.mjs";
import { startControl } from "./support/control.mjs";
import { startFakeDns } from "./support/fake-dns.mjs";
import { startMariadbSwitch } from "./support/mariadb-switch.mjs";
import { startWorker } from "./support/nginx-worker.mjs";
import { watchRun } from "./support/watch.mjs";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const specs = fileURLToPath(new URL(".", import.meta.url));

/** @param {string[]} filters */
function chosenSpecs(filters) {
  const files = readdirSync(specs, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith("_spec.lua"))
    .map((file) => relative(repository, join(specs, file)))
    .sort();
  const chosen = files.filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter)));
  if (chosen.length === 0) throw new Error(`no spec in test/lua has "${filters.join('" or "')}" in its path`);
  return chosen;
}

/**
 * @param {string[]} files relative to the repository
 * @param {string} dir for everything that the run writes
 * @returns {Promise<string>} what went wrong; empty when every spec passed
 */
async function runSpecs(files, dir) {
  const [databasePort = 0, dnsPort = 0, sha2Port = 0, controlPort = 0] = await freePorts(4);
  const watch = watchRun();
  /** @type {(() => unknown)[]} */
  const closers = [];
  try {
    const mariadb = await startMariadbSwitch({ dir: join(dir, "mariadb"), port: databasePort });
    closers.push(mariadb.close);
    const dns = await startFakeDns(dnsPort);
    closers.push(dns.close);
    closers.push((await startCachingSha2Server(sha2Port)).close);
    closers.push((await startControl(controlPort, { ...watch.commands, ...mariadb.commands, ...dns.commands })).close);
    const env = {
      ...mariadb.env,
      DNS_RESOLVER: `127.0.0.1:${dnsPort}`,
      TEST_CONTROL_PORT: String(controlPort),
      TEST_SHA2_PORT: String(sha2Port),
      ...propertySettings(),
    };
    const worker = await startWorker({ dir: join(dir, "nginx"), files, env });
    closers.push(worker.close);
    const problem = await Promise.race([watch.problem, worker.ended]);
    return problem === "" ? "" : `${problem}\n${seriousLines(worker.log)}`;
  } finally {
    watch.close();
    for (const close of closers.reverse()) await close();
  }
}

/** What the user says of generated cases, see support/property.lua. */
function propertySettings() {
  const names = ["TEST_PROPERTY_SEED", "TEST_PROPERTY_RUNS"].filter((name) => process.env[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, process.env[name]]));
}

/** @param {string} log */
function seriousLines(log) {
  const lines = existsSync(log) ? readFileSync(log, "utf8").split("\n") : [];
  return lines
    .filter((line) => /\[(error|crit|alert|emerg)\]/.test(line))
    .slice(-20)
    .join("\n");
}

const dir = mkdtempSync(join(tmpdir(), "lua-specs-"));
try {
  const problem = await runSpecs(chosenSpecs(process.argv.slice(2)), dir);
  if (problem !== "") throw new Error(problem);
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
} finally {
  rmSync(dir, { recursive: true, force: true });
}
