// The load balancers of a cluster, each under a database user of its own. They die, end and come back at the same place.
import { killNginx, loadBalancerMark, startLoadBalancer, workersOf } from "../../local/load-balancer.mjs";
import { isAlive, isOurs, stopProcess, waitFor } from "../../local/processes.mjs";
import { followerDir, loadBalancerDir, readState, writeState } from "../../local/state.mjs";
import { request } from "../support/http.mjs";

/**
 * @typedef {object} Balancer
 * @property {string} name in the lease, and that of its database user
 * @property {string} url
 * @property {string} log
 * @property {number} pid of the master process that runs now
 * @property {() => number[]} workers
 * @property {() => Promise<void>} start it after its end; returns once it answers
 * @property {() => Promise<void>} kill all of nginx at once, as a crash of its host would
 * @property {() => void} quit has it end orderly, as for a planned restart; returns at once
 * @property {() => Promise<unknown>} untilEnded
 * @property {() => Promise<unknown>} stop
 *
 * @typedef {import("../../local/state.mjs").LoadBalancerState} LoadBalancerState
 */

/** Where the cluster keeps the state and the files of each. */
const PLACES = {
  lb1: { key: /** @type {const} */ ("lb"), folder: loadBalancerDir },
  lb2: { key: /** @type {const} */ ("follower"), folder: followerDir },
};

/**
 * The settings of a follower.
 * @param {string} peerUrl of its leader
 * @returns {Record<string, string>}
 */
export function followerEnv(peerUrl) {
  return { CLUSTER_MODE: "follower", CLUSTER_PEER_URL: peerUrl };
}

/**
 * A load balancer that runs, or one to be started.
 * @param {string} data the cluster's folder @param {"lb1" | "lb2"} name
 * @param {Pick<LoadBalancerState, "port" | "url"> & Partial<LoadBalancerState>} place
 * @param {Record<string, string>} env with which it starts
 * @param {import("../../local/settings.mjs").Settings["treeOf"]} [treeOf]
 * @returns {Balancer}
 */
export function balancer(data, name, place, env, treeOf) {
  const { key, folder } = PLACES[name];
  const dir = folder(data);
  const mark = loadBalancerMark(dir);
  /** @type {Balancer} */
  const lb = {
    ...{ name, url: place.url, log: place.log ?? "", pid: place.pid ?? 0 },
    workers: () => workersOf(lb.pid),
    start: async () => {
      const { db } = stateOf(data);
      const { pid, url, port, log } = await startLoadBalancer({ dir, port: place.port, db, env, tree: treeOf?.(name) });
      // The cluster ends what its state names.
      writeState(data, { ...stateOf(data), [key]: { pid, url, port, log } });
      Object.assign(lb, { pid, log });
    },
    kill: async () => {
      if (!isOurs(lb.pid, mark)) throw new Error(`${name} does not run`);
      killNginx(lb.pid);
      await waitFor(() => !isAlive(lb.pid), { what: `the end of ${name}`, everyMs: 20 });
    },
    quit: () => void process.kill(lb.pid, "SIGQUIT"),
    // nginx gives connections that stay open 30 s.
    untilEnded: () =>
      waitFor(() => !isOurs(lb.pid, mark), { what: `the end of ${name}`, timeoutMs: 45000, everyMs: 20 }),
    stop: () => stopProcess(lb.pid, { mark, graceMs: 5000 }),
  };
  return lb;
}

/** Waits until a follower says that of its leader. @param {Balancer} follower @param {(peer: any) => boolean} isSo */
export function untilPeer({ url }, isSo, timeoutMs = 30000) {
  const check = async () => {
    const { peer } = (await request(`${url}/lb/system-status`)).json.leader;
    if (isSo(peer)) return true;
    throw new Error(JSON.stringify(peer));
  };
  return waitFor(check, { what: `what a follower says of its leader, ${isSo}`, timeoutMs, everyMs: 50 });
}

/** @param {string} data */
function stateOf(data) {
  const state = readState(data);
  if (state?.db === undefined) throw new Error(`no cluster runs in ${data}`);
  return state;
}
