// A load balancer in the mode of a probe, with a leader that speaks the protocol.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startLoadBalancer } from "../../local/load-balancer.mjs";
import { freePort } from "../../local/ports.mjs";
import { waitFor } from "../../local/processes.mjs";
import { startFakeLeader } from "../support/fake-leader.mjs";

/** @typedef {Awaited<ReturnType<typeof startProbe>>} Probe */
/** @typedef {Awaited<ReturnType<typeof startFakeLeader>>} FakeLeader */

/** @param {Parameters<typeof startFakeLeader>[1]} [options] */
export const startLeader = async (options) => startFakeLeader(await freePort(), options);

/**
 * @param {{peers: string, env?: Record<string, string>, trusted?: string, workers?: number}} options `peers`: the
 *   leader's URLs; `trusted`: a file of certificates
 */
export async function startProbe({ peers, env = {}, trusted, workers = 2 }) {
  const dir = mkdtempSync(join(tmpdir(), "kp-"));
  const settings = {
    CLUSTER_MODE: "probe",
    CLUSTER_PEER_URL: peers,
    CLUSTER_SECRET: "s3cret",
    UPTIME_KUMA_NODE_ID: "probe1",
    NODE_REGION: "eu-west",
    // A database that is not there: a probe has nothing to do with one.
    DB_HOST: "127.0.0.1:1",
    ...env,
  };
  const remove = () => rmSync(dir, { recursive: true, force: true });
  const lb = await startLoadBalancer({
    ...{ dir: join(dir, "lb"), port: await freePort(), workers, env: settings },
    ...(trusted === undefined ? {} : { trusted }),
  }).catch((error) => {
    remove();
    throw error;
  });
  return {
    ...lb,
    /** The lines that it wrote. @param {RegExp} pattern */
    lines: (pattern) =>
      readFileSync(lb.log, "utf8")
        .split("\n")
        .filter((line) => pattern.test(line)),
    async close() {
      await lb.stop();
      remove();
    },
  };
}

/**
 * The next result of a check that is made after now.
 * @param {FakeLeader} leader @param {number} checkId @param {number} [timeoutMs]
 */
export async function nextResult(leader, checkId, timeoutMs = 15000) {
  const known = leader.resultsOf(checkId).length;
  const found = () => leader.resultsOf(checkId)[known];
  return waitFor(found, { what: `a result of check ${checkId}`, timeoutMs, everyMs: 20 });
}
