// What is done to the cluster, one thing after the other.
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, waitFor } from "../../../local/processes.mjs";
import { request, startLoad } from "../../support/http.mjs";
import { openWebSocket } from "../../support/websocket.mjs";

/**
 * @typedef {import("./site.mjs").SoakSite} SoakSite
 * @typedef {import("./journal.mjs").Journal} Journal
 * @typedef {import("./random.mjs").Chance} Chance
 * @typedef {import("../balancers.mjs").Balancer} Balancer
 * @typedef {{site: SoakSite, journal: Journal, chance: Chance}} Scene
 *
 * @typedef {object} Action
 * @property {number} weight how likely it is
 * @property {(scene: Scene) => Promise<unknown>} act
 */

/** By so many seconds more a check may be late when its node is lost, or the leader, or both have to wait for the database. */
const NODE_LATE_S = 10;
const LEADER_LATE_S = 20;
const DATABASE_LATE_S = 10;

/** nginx gives connections that stay open 30 s. */
const QUIT_LIMIT_MS = 45000;
const REQUEST_LIMIT_MS = 75000;
const SLOW_BALANCER_MS = 800;
const SLOW_NODE_MS = 200;

/** The node that lives on in the second half. */
const STEADY_NODE = "node1";

/** @param {Scene} scene @param {number} from @param {number} to seconds */
const pause = ({ chance }, from, to) => sleep(chance.whole(from * 1000, to * 1000));

/**
 * A node that may be lost: another one is online that gets its monitors.
 * @param {Scene} scene @param {string[]} [but]
 */
async function anyNode({ site, chance }, but = []) {
  const rows = await site.cluster.sql("SELECT node_id FROM node WHERE status = 'online' ORDER BY node_id");
  const online = rows.map(({ node_id }) => node_id);
  const nodes = online.filter((node) => !but.includes(node));
  return online.length > 1 && nodes.length > 0 ? chance.one(nodes) : undefined;
}

/** @param {(site: SoakSite, node: string) => Promise<unknown>} end @param {string} word @param {number} weight @param {string[]} [but] @returns {Action} */
function losesNode(end, word, weight, but) {
  return {
    weight,
    act: async (scene) => {
      const { site, journal } = scene;
      const node = await anyNode(scene, but);
      if (node === undefined) return;
      await journal.during(`${node} is ${word}`, { late: NODE_LATE_S, cuts: true }, async () => {
        await end(site, node);
        await pause(scene, 1, 25);
        await site.cluster.start(node);
      });
    },
  };
}

/** @param {(lb: Balancer) => Promise<unknown>} end @param {string} word @returns {Action} */
function losesBalancer(end, word) {
  return {
    weight: 3,
    act: async (scene) => {
      const { site, journal, chance } = scene;
      const lb = chance.one(site.balancers);
      const late = lb === site.lb1 ? LEADER_LATE_S : 0;
      await journal.during(`${lb.name} is ${word}`, { late, cuts: true, balancers: [lb.name] }, async () => {
        await end(lb);
        await pause(scene, 1, 25);
        await lb.start();
      });
    },
  };
}

/** @param {Balancer} lb */
async function quit(lb) {
  lb.quit();
  await waitFor(() => !isAlive(lb.pid), { what: `the end of ${lb.name}`, timeoutMs: QUIT_LIMIT_MS });
}

/** @type {Action} */
const pausedNode = {
  weight: 3,
  act: async (scene) => {
    const { site, journal } = scene;
    const node = await anyNode(scene);
    if (node === undefined) return;
    await journal.during(`${node} stands still`, { late: NODE_LATE_S, cuts: true }, async () => {
      const goOn = site.freeze([site.pidOf(node)]);
      await pause(scene, 1, 20);
      goOn();
    });
  },
};

/** @type {Action} */
const workerKill = {
  weight: 2,
  act: async ({ site, journal, chance }) => {
    const lb = chance.one(site.balancers);
    const late = lb === site.lb1 ? LEADER_LATE_S : 0;
    await journal.during(`a worker of ${lb.name} is killed`, { late, cuts: true, balancers: [lb.name] }, async () => {
      process.kill(chance.one(lb.workers()), "SIGKILL");
      await sleep(1000);
    });
  },
};

/** @type {Action} */
const reload = {
  weight: 4,
  act: async (scene) => {
    const lb = scene.chance.one(scene.site.balancers);
    await scene.journal.during(`${lb.name} is reloaded`, { cuts: true }, async () => {
      process.kill(lb.pid, "SIGHUP");
      await pause(scene, 1, 5);
    });
  },
};

/** @type {Action} */
const drain = {
  weight: 3,
  act: async (scene) => {
    const { site, journal, chance } = scene;
    const node = await anyNode(scene);
    if (node === undefined) return;
    const lb = chance.one(site.balancers);
    await journal.during(`${node} is drained`, { cuts: true }, async () => {
      await operate(scene, lb, `nodes/${node}/drain`, [202, 409]);
      await pause(scene, 3, 20);
      await operate(scene, lb, `nodes/${node}/ready`, [202, 409]);
    });
  },
};

/** @type {Action} */
const rebalance = {
  weight: 3,
  act: async (scene) => {
    const { site, journal, chance } = scene;
    const name = chance.one(["trigger-rebalancing", "force-rebalance-all", "update-loads"]);
    await journal.during(name, {}, () => operate(scene, chance.one(site.balancers), name, [200, 202, 409]));
  },
};

/** @param {Scene} scene @param {Balancer} lb @param {string} path @param {number[]} expected */
async function operate({ site }, { url, name }, path, expected) {
  const answer = await request(`${url}/lb/${path}`, { method: "POST", headers: site.authority });
  if (!expected.includes(answer.status)) {
    throw new Error(`${name} answers ${answer.status} to ${path}: ${answer.error ?? answer.text.slice(0, 300)}`);
  }
}

/** @type {Action} */
const databaseCut = {
  weight: 3,
  act: async (scene) => {
    const { site, journal } = scene;
    const parts = Object.values(site.proxies);
    const excuses = { late: DATABASE_LATE_S, outage: true, cuts: true };
    await journal.during("nobody reaches the database", excuses, async () => {
      await Promise.all(parts.map((proxy) => proxy.cut()));
      await pause(scene, 1, 8);
      await Promise.all(parts.map((proxy) => proxy.heal()));
    });
  },
};

/** @type {Action} */
const databaseRestart = {
  weight: 1,
  act: async ({ site, journal }) => {
    const parts = Object.values(site.proxies);
    const excuses = { late: DATABASE_LATE_S, outage: true, cuts: true };
    await journal.during("the database is restarted", excuses, async () => {
      await Promise.all([site.cluster.stopDatabase(), ...parts.map((proxy) => proxy.cut())]);
      await site.cluster.startDatabase();
      await Promise.all(parts.map((proxy) => proxy.heal()));
    });
  },
};

/** @type {Action} */
const databaseSlow = {
  weight: 2,
  act: async (scene) => {
    const { site, journal, chance } = scene;
    const part = chance.one(["lb1", "lb2", "node1", "node2", "node3"]);
    await journal.during(`the database is slow for ${part}`, { late: DATABASE_LATE_S, cuts: true }, async () => {
      site.proxies[part].slow(part.startsWith("lb") ? SLOW_BALANCER_MS : SLOW_NODE_MS);
      await pause(scene, 2, 15);
      await site.proxies[part].heal();
    });
  },
};

/** @type {Action} */
const burst = {
  weight: 4,
  act: async (scene) => {
    const { site, journal, chance } = scene;
    const lb = chance.one(site.balancers);
    const options = { clients: chance.whole(5, 30), keepAlive: chance.whole(0, 1) === 1, timeoutMs: REQUEST_LIMIT_MS };
    await journal.during(`${options.clients} clients at ${lb.name}`, {}, async () => {
      const load = startLoad(`${lb.url}/dashboard`, { ...options, pauseMs: 20 });
      await pause(scene, 1, 8);
      const { failures } = await load.stop();
      if (failures.length > 0) throw new Error(`${failures.length} requests of many fail: ${failures[0]}`);
    });
  },
};

/** @type {Action} */
const sockets = {
  weight: 3,
  act: async (scene) => {
    const { site, journal, chance } = scene;
    const lb = chance.one(site.balancers);
    const count = chance.whole(5, 40);
    await journal.during(`${count} WebSockets at ${lb.name}`, {}, async () => {
      const url = `${lb.url}/socket.io/?EIO=4&transport=websocket`;
      const open = await Promise.all(Array.from({ length: count }, () => openWebSocket(url)));
      await pause(scene, 1, 8);
      for (const socket of open) socket.close();
    });
  },
};

const killNode = (/** @type {SoakSite} */ { cluster }, /** @type {string} */ node) => cluster.kill(node);
const stopNode = (/** @type {SoakSite} */ { cluster }, /** @type {string} */ node) => cluster.stop(node);

/** @type {Action[]} */
const ANY_TIME = [
  losesNode(killNode, "killed", 3, [STEADY_NODE]),
  losesNode(stopNode, "stopped", 2, [STEADY_NODE]),
  ...[pausedNode, drain, rebalance, databaseCut, databaseRestart, databaseSlow, burst, sockets],
];
/** By these end processes whose memory is watched. @type {Action[]} */
const FIRST_HALF = [
  losesNode(killNode, "killed", 2),
  losesNode(stopNode, "stopped", 1),
  losesBalancer((lb) => lb.kill(), "killed"),
  losesBalancer(quit, "told to end"),
  ...[workerKill, reload],
];

/** Does something by chance. @param {Scene} scene @param {boolean} isSecondHalf then what is watched lives on */
export function actOnce(scene, isSecondHalf) {
  const { act } = scene.chance.weighted(isSecondHalf ? ANY_TIME : [...ANY_TIME, ...FIRST_HALF]);
  return act(scene);
}
