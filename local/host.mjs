import { execFile } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Debian packages that a running cluster needs. */
export const CLUSTER_PACKAGES = [
  "nginx",
  "libnginx-mod-http-lua",
  "lua-resty-core",
  "lua-nginx-dns",
  "lua-cjson",
  "mariadb-server",
];

/** Debian packages that the tests need beside them. */
export const TEST_PACKAGES = ["lua-busted", "chromium", "wrk", "prometheus", "systemd", "faketime"];

const NODE_MINIMUM = [20, 19];
const POLICY = "/usr/sbin/policy-rc.d";

/**
 * Refuses a host on which nothing of the cluster can run.
 * @throws one sentence that says what is wrong
 */
export function checkHost() {
  if (process.platform !== "linux") throw new Error(`this needs Linux, not ${process.platform}`);
  if (process.getuid?.() !== 0) throw new Error("this needs root (it installs packages): run it as root or with sudo");
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = NODE_MINIMUM;
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return;
  throw new Error(`Node.js ${process.versions.node} is too old: this needs ${NODE_MINIMUM.join(".")} or newer`);
}

/**
 * Installs the Debian packages of the list that are missing, without starting any service they bring.
 * @param {string[]} packages
 * @param {(line: string) => void} [say]
 * @returns {Promise<string[]>} what was installed
 * @throws one sentence with the end of apt-get's output
 */
export async function ensurePackages(packages, say = () => {}) {
  const missing = await missingPackages(packages);
  if (missing.length === 0) return [];
  say(`installing Debian packages: ${missing.join(" ")}`);
  const release = forbidServiceStarts();
  try {
    await aptGet("update");
    await aptGet("install", "-y", "--no-install-recommends", ...missing);
  } finally {
    release();
  }
  return missing;
}

/** @param {string[]} packages */
async function missingPackages(packages) {
  const format = "--showformat=${Package} ${Status}\\n";
  /** @type {{stdout?: string, code?: unknown}} */
  const answer = await run("dpkg-query", ["--show", format, ...packages]).catch((error) => error);
  if (answer.code === "ENOENT") {
    throw new Error(`this is not Debian: install by other means what these packages hold: ${packages.join(" ")}`);
  }
  const lines = (answer.stdout ?? "").split("\n");
  const installed = lines.filter((line) => line.endsWith(" installed")).map((line) => line.split(" ")[0]);
  return packages.filter((name) => !installed.includes(name));
}

/** @param {string[]} args */
async function aptGet(...args) {
  try {
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    await run("apt-get", ["-q", ...args], { env, maxBuffer: 64 << 20 });
  } catch (error) {
    const { stdout = "", stderr = "", message } = /** @type {Error & {stdout?: string, stderr?: string}} */ (error);
    const end = `${stdout}\n${stderr}`.trim().split("\n").slice(-8).join("\n");
    throw new Error(`apt-get ${args.join(" ")} failed:\n${end || message}`, { cause: error });
  }
}

/**
 * Debian starts a service as soon as its package is installed, which would take ports 80 and 3306.
 * @returns {() => void} allows it again
 */
function forbidServiceStarts() {
  if (existsSync(POLICY)) return () => {};
  const release = () => rmSync(POLICY, { force: true });
  writeFileSync(POLICY, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  process.once("exit", release);
  return release;
}
