import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readdirSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Starts a process that outlives this one; its output is appended to a log file.
 * @param {string} command
 * @param {string[]} args
 * @param {{log: string, cwd?: string, env?: NodeJS.ProcessEnv}} options
 * @returns {Promise<number>} the pid
 * @throws when the program cannot be started
 */
export function spawnDetached(command, args, { log, cwd, env }) {
  mkdirSync(dirname(log), { recursive: true });
  const output = openSync(log, "a");
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, detached: true, stdio: ["ignore", output, output] });
    closeSync(output);
    child.once("error", (cause) => reject(new Error(`cannot start ${command}: ${cause.message}`)));
    child.once("spawn", () => {
      child.unref();
      resolve(Number(child.pid));
    });
  });
}

/**
 * Is the process there and not a zombie?
 * @param {number} pid
 */
export function isAlive(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return !["Z", "X"].includes(stat.slice(stat.lastIndexOf(")") + 2)[0]);
  } catch {
    return false;
  }
}

/**
 * Is this pid alive and still the process that was started, and not a later one that got the same number?
 * @param {number} pid
 * @param {string} mark a text of its command line or environment that no other process has, as its data directory.
 *   Both are searched: Uptime Kuma overwrites its command line by a title, nginx its environment
 */
export function isOurs(pid, mark) {
  return isAlive(pid) && [`/proc/${pid}/cmdline`, `/proc/${pid}/environ`].some((file) => holds(file, mark));
}

/** @param {string} file @param {string} text */
function holds(file, text) {
  try {
    return readFileSync(file, "utf8").replaceAll("\0", " ").includes(text);
  } catch {
    return false;
  }
}

/**
 * Polls until `check` gives something truthy, and returns that.
 * @template T
 * @param {() => T | Promise<T>} check what it throws counts as "not yet" and is told in the final error
 * @param {{what: string, timeoutMs?: number, everyMs?: number, pid?: number, log?: string}} options
 *   `what` completes the sentence "... is not ready after 30 s"; with `pid` the wait ends as soon as that process does;
 *   with `log` the error shows the end of that file
 * @returns {Promise<NonNullable<T>>}
 */
export async function waitFor(check, { what, timeoutMs = 30000, everyMs = 100, pid, log }) {
  const started = Date.now();
  let cause = "";
  for (;;) {
    try {
      const value = await check();
      if (value) return value;
    } catch (error) {
      cause = error instanceof Error ? `: ${error.message}` : `: ${error}`;
    }
    if (pid !== undefined && !isAlive(pid)) throw new Error(`${what}: process ${pid} ended${logEnd(log)}`);
    if (Date.now() - started > timeoutMs) {
      throw new Error(`${what} is not ready after ${timeoutMs / 1000} s${cause}${logEnd(log)}`);
    }
    await sleep(everyMs);
  }
}

/**
 * Sends a signal and waits for the end of the process; SIGKILL follows when it takes too long.
 * @param {number} pid
 * @param {{signal?: NodeJS.Signals, graceMs?: number, mark?: string}} [options] with `mark` only a process with that
 *   text in its command line or environment is touched (see isOurs)
 * @returns {Promise<boolean>} false when there was nothing to stop
 */
export async function stopProcess(pid, { signal = "SIGTERM", graceMs = 15000, mark = "" } = {}) {
  if (!isOurs(pid, mark)) return false;
  send(pid, signal);
  if (!(await ended(pid, graceMs))) {
    // Everything here is started as the leader of its own group: its children must not outlive it.
    send(-pid, "SIGKILL");
    send(pid, "SIGKILL");
    await waitFor(() => !isAlive(pid), { what: `the end of process ${pid}`, timeoutMs: 10000, everyMs: 20 });
  }
  return true;
}

/**
 * Kills every process but this one that has that text in its command line or environment.
 * @param {string} mark as the name of a temporary folder that only they have inherited
 * @returns {Promise<number>} how many there were
 */
export async function stopAllWith(mark) {
  const pids = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  const left = pids.filter((pid) => pid !== process.pid && isOurs(pid, mark));
  await Promise.all(left.map((pid) => stopProcess(pid, { mark, signal: "SIGKILL" })));
  return left.length;
}

/**
 * The last lines of a file, for an error message; empty when there is none.
 * @param {string | undefined} file
 * @param {number} [lines]
 */
export function tail(file, lines = 20) {
  if (file === undefined || !existsSync(file)) return "";
  return readFileSync(file, "utf8").trimEnd().split("\n").slice(-lines).join("\n");
}

/** @param {string | undefined} log */
function logEnd(log) {
  const text = tail(log);
  return text === "" ? "" : `\n--- the end of ${log}\n${text}\n---`;
}

/** @param {number} pid @param {NodeJS.Signals} signal */
function send(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ESRCH") throw error;
  }
}

/** @param {number} pid @param {number} timeoutMs */
async function ended(pid, timeoutMs) {
  const until = Date.now() + timeoutMs;
  while (isAlive(pid)) {
    if (Date.now() > until) return false;
    await sleep(20);
  }
  return true;
}
