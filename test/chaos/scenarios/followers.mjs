// A leader that dies, ends, stands still or is cut off, and the follower that stands by for it.
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, waitFor } from "../../../local/processes.mjs";
import { untilPeer } from "../balancers.mjs";
import { doubleMoves, measureTakeover } from "../measure.mjs";
import { AFTER_PAUSE_MS, LATE_WITHOUT_LEADER_S, leader, pauseInFailover } from "./leaders.mjs";

/** @typedef {import("./nodes.mjs").Scenario} Scenario @typedef {import("../story.mjs").Story} Story
 * @typedef {import("../story.mjs").Monitor} Monitor */

/** A lease that is given back is taken within this time: see docs/failover.md. */
const GOODBYE_S = 2;
/** Three looks at the leader that wait for an answer in vain, five seconds apart. */
const NOTICE_LIMIT_MS = 30000;
const CUT_MS = 50000;
const HAND_BACK_LIMIT_MS = 45000;
/** Some rounds of a leader that is back. */
const RETURNED_MS = 3000;

/** The follower of the first load balancer, once it knows it. @param {Story} story */
export async function withFollower(story) {
  const follower = await story.site.startSecond("follower");
  story.watchLog(follower);
  await untilPeer(follower, ({ node_id }) => node_id === story.site.lb1.name);
  return follower;
}

/** Waits until a load balancer leads. @param {Story} story @param {string} name @param {number} timeoutMs */
export async function untilLeads(story, name, timeoutMs) {
  const leads = async () => {
    const { holder, session } = await leader(story);
    return holder === name && session !== "";
  };
  await waitFor(leads, { what: `the lease of ${name}`, timeoutMs, everyMs: 50 });
}

/**
 * Judges a takeover once the leader has its lease back and the cluster is at rest.
 * @param {Story} story @param {number} at when the leader was lost @param {Monitor[]} monitors
 */
async function judgeReturn(story, at, monitors) {
  await untilLeads(story, "lb1", HAND_BACK_LIMIT_MS);
  await story.rest();
  await judgeTakeover(story, at, monitors);
}

/**
 * Judges the history: the follower has led once, then the leader again, each epoch is one more than the last and had one
 * holder, and each monitor of the lost node was moved away once.
 * @param {Story} story @param {number} at when the leader was lost @param {Monitor[]} monitors
 */
async function judgeTakeover(story, at, monitors) {
  const history = await story.history.read();
  const { takenOver = NaN, epochsInOrder } = measureTakeover(history, { from: "lb1", to: "lb2", at, backAt: at });
  const changes = JSON.stringify(history.leaseChanges);
  story.check("the follower leads once, then the leader again", epochsInOrder, changes);
  story.figure("taken_over_s", takenOver);
  await judgeMoves(story, monitors);
}

/** @param {Story} story @param {Monitor[]} monitors */
async function judgeMoves(story, monitors) {
  const history = await story.history.read();
  const twice = doubleMoves(history);
  story.figure("double_moves", twice);
  const away = history.moves.filter(({ to_node, home }) => to_node !== home).length;
  const once = twice === 0 && away === monitors.length;
  story.check("each monitor moves away once", once, `${away} moves of ${monitors.length} monitors`);
}

/** Has the leader run again, if the scenario ends before it does. @param {Story} story */
function backAtEnd({ site: { lb1, atEnd } }) {
  atEnd(async () => {
    if (!isAlive(lb1.pid)) await lb1.start();
  });
}

/** @param {string} name @param {string} title @param {(story: Story) => Promise<unknown>} end of the leader @returns {Scenario} */
function leaderEnds(name, title, end, allowed = {}) {
  return {
    ...{ name, title, allowed },
    play: async (story) => {
      const { cluster, lb1, monitorsOf } = story.site;
      const lost = await monitorsOf("node3");
      const follower = await withFollower(story);
      backAtEnd(story);
      story.requests(follower);
      await sleep(1000);
      const ended = await story.now();
      await Promise.all([end(story), cluster.kill("node3")]);
      await untilLeads(story, follower.name, NOTICE_LIMIT_MS);
      await story.untilMovedFrom("node3");
      await story.untilBeatingWithout(lost, "node3");
      await story.noteFailover("node3", ended);
      await waitFor(() => !isAlive(lb1.pid), { what: "the end of the leader", timeoutMs: HAND_BACK_LIMIT_MS });
      await Promise.all([lb1.start(), cluster.start("node3")]);
      await judgeReturn(story, ended, lost);
    },
  };
}

const leaderKill = leaderEnds(
  "leader-kill",
  "kill -9 of the leading load balancer and of a node at the same moment; its follower takes over until it is back",
  (story) => story.site.lb1.kill(),
  { latenessS: LATE_WITHOUT_LEADER_S },
);

/** @type {Scenario} */
const leaderRestart = leaderEnds(
  "leader-restart",
  "an orderly end of the leading load balancer as a node is killed; its follower takes over until it is back",
  async (story) => {
    const told = await story.now();
    story.site.lb1.quit();
    await untilLeads(story, "lb2", NOTICE_LIMIT_MS);
    const { leaseChanges } = await story.history.read();
    const took = (leaseChanges.find(({ holder }) => holder === "lb2")?.at ?? NaN) - told;
    story.check(`the follower leads within ${GOODBYE_S} s`, took < GOODBYE_S, `it takes ${took} s`);
  },
);

/** @type {Scenario} */
const pausedLeader = {
  name: "paused-leader",
  title:
    "the leading load balancer stands still in the middle of a fail-over, its follower takes over until it is back",
  allowed: { latenessS: LATE_WITHOUT_LEADER_S },
  play: async (story) => {
    const lost = await story.site.monitorsOf("node3");
    const { paused, released } = await pauseInFailover(story, await withFollower(story));
    await untilLeads(story, "lb1", HAND_BACK_LIMIT_MS);
    await sleep(RETURNED_MS);
    const { moves, statusChanges } = await story.history.read();
    const late = [...moves, ...statusChanges].filter(({ at }) => at > released);
    story.figure("rows_changed_late", late.length);
    story.check("neither its return nor the late UPDATE changes a row", late.length === 0, JSON.stringify(late));
    await judgeTakeover(story, paused, lost);
  },
};

/** @type {Scenario} */
const pairCut = {
  name: "leader-cut-from-follower",
  title: "the follower does not reach the leading load balancer, both reach the database, and a node is killed",
  play: async (story) => {
    const { cluster, toLeader, monitorsOf, atEnd } = story.site;
    const lost = await monitorsOf("node3");
    const follower = await withFollower(story);
    story.requests();
    story.requests(follower);
    const before = await leader(story);
    atEnd(() => toLeader.heal());
    toLeader.silence();
    await untilPeer(follower, ({ state }) => state === "fails", NOTICE_LIMIT_MS);
    // A follower that believed its eyes alone would lead after this.
    await sleep(AFTER_PAUSE_MS);
    const killed = await story.now();
    await cluster.kill("node3");
    await story.untilMovedFrom("node3");
    await story.untilBeatingWithout(lost, "node3");
    await story.noteFailover("node3", killed);
    await cluster.start("node3");
    await story.rest();
    await toLeader.heal();
    await untilPeer(follower, ({ state }) => state === "works", NOTICE_LIMIT_MS);
    const { leaseChanges } = await story.history.read();
    story.check("one leads, in one epoch", leaseChanges.length === 0, JSON.stringify(leaseChanges));
    story.check("it is the leader", before.holder === "lb1", before.holder);
    await judgeMoves(story, lost);
  },
};

/** @type {Scenario} */
const leaderCutFromDatabase = {
  name: "leader-cut-from-database",
  title: "the leading load balancer alone cannot reach the database for 50 s, and a node is killed meanwhile",
  allowed: { latenessS: LATE_WITHOUT_LEADER_S },
  play: async (story) => {
    const { cluster, proxies, monitorsOf, atEnd } = story.site;
    const lost = await monitorsOf("node3");
    const follower = await withFollower(story);
    story.requests();
    story.requests(follower);
    // What is routed by meanwhile should know of all nodes.
    await sleep(3000);
    const cut = await story.now();
    atEnd(() => proxies.lb1.heal());
    await proxies.lb1.cut();
    const until = Date.now() + CUT_MS;
    await cluster.kill("node3");
    await story.untilMovedFrom("node3");
    await story.untilBeatingWithout(lost, "node3");
    await story.noteFailover("node3", cut);
    await cluster.start("node3");
    await sleep(Math.max(0, until - Date.now()));
    await proxies.lb1.heal();
    await judgeReturn(story, cut, lost);
  },
};

/** @type {Scenario[]} */
export const FOLLOWER_SCENARIOS = [leaderKill, leaderRestart, pausedLeader, pairCut, leaderCutFromDatabase];
