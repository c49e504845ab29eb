import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);
const LIMIT_S = 300;

/**
 * Loads a URL with as many GET requests as two connections can send, until it is stopped.
 * @param {string} url
 * @returns {{stop: () => Promise<{total: number, failures: string[]}>}} failures: the lines in which wrk tells of
 *   broken connections and of answers other than 2xx and 3xx; it leaves them out when there is none
 */
export function startWrk(url) {
  const running = run("wrk", ["--threads=1", "--connections=2", `--duration=${LIMIT_S}s`, url]);
  return {
    stop: async () => {
      // It then tells what it has seen so far.
      running.child.kill("SIGINT");
      const { stdout } = await running;
      const lines = stdout.split("\n").map((line) => line.trim());
      const total = Number(/(\d+) requests in/.exec(stdout)?.[1]);
      return { total, failures: lines.filter((line) => /^(Socket errors|Non-2xx)/.test(line)) };
    },
  };
}
