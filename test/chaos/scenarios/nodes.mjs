// Nodes that die, stand still, flap, come and go.
import { setTimeout as sleep } from "node:timers/promises";
import { waitFor } from "../../../local/processes.mjs";
import { count } from "../../cluster/cluster.mjs";

/**
 * @typedef {import("../story.mjs").Story} Story
 *
 * @typedef {object} Scenario
 * @property {string} name
 * @property {string} title
 * @property {(story: Story) => Promise<void>} play
 * @property {{latenessS?: number, evensOut?: boolean}} [allowed] see the terms of the invariants
 * @property {number} [monitors] other than the usual number, on a cluster of its own
 * @property {boolean} [last] nothing can be played on the cluster after it
 */

const PAUSE_MS = 40000;
const CUT_MS = 50000;
const FLAPS = 5;
const FLAP_STOPPED_MS = 8000;
const FLAP_RUNNING_MS = 8000;
/** Away, home, away again; and once more for a node that just managed to get back. */
const MOST_MOVES_WHEN_FLAPPING = 4;
const SCALE_MONITORS = 30;
/** By then new nodes have a part of the monitors. */
const SHARE_LIMIT_MS = 120000;

/** @type {Scenario} */
const nodeKill = {
  name: "node-kill",
  title: "kill -9 of a node, which then comes back",
  play: async (story) => {
    const { cluster, monitorsOf } = story.site;
    const lost = await monitorsOf("node2");
    story.requests();
    await story.untilAlmostDue(lost);
    const killed = await story.now();
    await cluster.kill("node2");
    await story.untilMovedFrom("node2");
    await story.untilBeatingWithout(lost, "node2");
    await story.noteFailover("node2", killed);
    await cluster.start("node2");
    await story.rest();
  },
};

/** @type {Scenario} */
const nodePause = {
  name: "node-pause",
  title: "a node stands still for 40 s (SIGSTOP) and then goes on",
  play: async (story) => {
    const { site } = story;
    const lost = await site.monitorsOf("node3");
    story.requests();
    await story.untilAlmostDue(lost);
    const paused = await story.now();
    const goOn = site.freeze([site.pidOf("node3")]);
    const until = Date.now() + PAUSE_MS;
    await story.untilMovedFrom("node3", PAUSE_MS);
    await story.untilBeatingWithout(lost, "node3");
    await sleep(Math.max(0, until - Date.now()));
    await story.noteFailover("node3", paused);
    goOn();
    await story.rest();
  },
};

/** @type {Scenario} */
const nodeFlapping = {
  name: "node-flapping",
  title: `a node stands still for 8 s and runs for 8 s, ${FLAPS} times`,
  last: true,
  play: async (story) => {
    const { site } = story;
    story.requests();
    for (let flap = 0; flap < FLAPS; flap++) {
      const goOn = site.freeze([site.pidOf("node3")]);
      await sleep(FLAP_STOPPED_MS);
      goOn();
      await sleep(FLAP_RUNNING_MS);
    }
    const { moves } = await story.history.read();
    const most = Math.max(0, ...Object.values(count(moves.map(({ monitor_id }) => String(monitor_id)))));
    story.figure("most_moves_of_a_monitor", most);
    const bound = `${most} moves of one monitor, at most ${MOST_MOVES_WHEN_FLAPPING} are allowed`;
    story.check("moves are bounded", most <= MOST_MOVES_WHEN_FLAPPING, bound);
    await site.untilChecked(site.monitors, Date.now());
  },
};

/**
 * Seconds from the first sign of life of a node to `online`, for each time that it came back.
 * @param {import("../audit.mjs").StatusChange[]} changes @param {string} node
 */
function recoveries(changes, node) {
  const seconds = [];
  let since = NaN;
  for (const { at, node_id, status } of changes) {
    if (node_id !== node) continue;
    if (status === "recovering") since = at;
    if (status === "online") seconds.push(at - since);
  }
  return seconds;
}

/** @type {Scenario} */
const nodeCrashing = {
  name: "node-crashing",
  title: "a node is killed three times, each time when it is back",
  last: true,
  play: async (story) => {
    const { cluster } = story.site;
    story.requests();
    for (let fall = 0; fall < 3; fall++) {
      await cluster.kill("node3");
      await story.untilMovedFrom("node3");
      await cluster.start("node3");
      await cluster.untilStatus({ node3: "online" });
    }
    await story.rest();
    const { statusChanges } = await story.history.read();
    const [first = NaN, second = NaN, third = NaN] = recoveries(statusChanges, "node3");
    story.figure("held_first_s", first);
    story.figure("held_second_s", second);
    story.figure("held_third_s", third);
    const isHeld = first < 10 && second >= 10 && second < 20 && third >= 20;
    story.check("each relapse is held back longer", isHeld, `${first}, ${second}, ${third} s`);
  },
};

/** @type {Scenario} */
const allNodesDown = {
  name: "all-nodes-down",
  title: "kill -9 of all nodes, which then come back",
  play: async (story) => {
    const { cluster, lb1 } = story.site;
    const nodes = [...cluster.nodeOfPid().values()];
    const from = await story.now();
    await Promise.all(nodes.map((node) => cluster.kill(node)));
    await sleep(10000);
    const answer = await cluster.get("/lb/ping");
    story.check("the load balancer answers for itself", answer.status === 200, `${lb1.url} says ${answer.status}`);
    await Promise.all(nodes.map((node) => cluster.start(node)));
    story.terms.outages.push({ from, to: await story.now() });
    await story.rest();
  },
};

/** @type {Scenario} */
const scale = {
  name: "scale",
  title: "from three nodes to five, and to two by SIGTERM",
  monitors: SCALE_MONITORS,
  allowed: { evensOut: true },
  last: true,
  play: async (story) => {
    const { cluster, monitors, untilChecked } = story.site;
    story.requests();
    await Promise.all([await cluster.add(), await cluster.add()]);
    await cluster.untilStatus({ node4: "online", node5: "online" });
    const fair = Math.floor(SCALE_MONITORS / 5);
    const joined = Date.now();
    const share = waitFor(
      async () => {
        const shares = count([...(await cluster.owners()).values()]);
        if (Math.min(shares.node4 ?? 0, shares.node5 ?? 0) >= fair / 2) return true;
        throw new Error(JSON.stringify(shares));
      },
      { what: "the share of the new nodes", timeoutMs: SHARE_LIMIT_MS, everyMs: 500 },
    );
    await share.then(
      () => story.figure("share_after_s", (Date.now() - joined) / 1000),
      (error) => story.check("new nodes get their share", false, error.message),
    );
    const leaving = ["node3", "node4", "node5"];
    const told = await story.now();
    const ended = Promise.all(leaving.map((node) => cluster.stop(node)));
    await Promise.all(leaving.map((node) => story.untilMovedFrom(node)));
    const { moves } = await story.history.read();
    story.figure("owners_changed_s", Math.max(told, ...moves.filter(({ at }) => at > told).map(({ at }) => at)) - told);
    await ended;
    await untilChecked(monitors, Date.now(), ["node1", "node2"]);
  },
};

/** @type {Scenario} */
const nodeCutFromDatabase = {
  name: "node-cut-from-database",
  title: "a node that answers HTTP and cannot reach the database for 50 s",
  play: async (story) => {
    const { proxies, monitorsOf } = story.site;
    const lost = await monitorsOf("node2");
    story.requests();
    const cut = await story.now();
    story.site.atEnd(() => proxies.node2.heal());
    await proxies.node2.cut();
    const until = Date.now() + CUT_MS;
    await story.untilMovedFrom("node2", CUT_MS);
    await story.untilBeatingWithout(lost, "node2");
    await sleep(Math.max(0, until - Date.now()));
    await story.noteFailover("node2", cut);
    await proxies.node2.heal();
    await story.rest();
  },
};

/** @type {Scenario[]} */
export const NODE_SCENARIOS = [
  nodeKill,
  nodePause,
  nodeFlapping,
  nodeCrashing,
  allNodesDown,
  scale,
  nodeCutFromDatabase,
];
