// Load balancers and workers that stand still, are two equals, lose the database, or are reloaded.
import { setTimeout as sleep } from "node:timers/promises";
import { reloadNginx } from "../../../local/load-balancer.mjs";
import { waitFor } from "../../../local/processes.mjs";
import { startWrk } from "../../cluster/wrk.mjs";
import { AFTER_PAUSE_MS, LATE_WITHOUT_LEADER_S, leader, pauseInFailover } from "./leaders.mjs";

/** @typedef {import("./nodes.mjs").Scenario} Scenario @typedef {import("../story.mjs").Story} Story */

const WORKER_PAUSE_MS = 20000;
const CUT_MS = 20000;
const RELOADS = 10;
// nginx gives connections that stay open 30 s.
const DRAIN_LIMIT_MS = 45000;

/** A second load balancer, the equal of the first. @param {Story} story */
async function withSecond(story) {
  const second = await story.site.startSecond("leader");
  story.watchLog(second);
  return second;
}

/** @type {Scenario} */
const workerPause = {
  name: "worker-pause",
  title: "a worker of the load balancer stands still for 20 s, and a node is killed meanwhile",
  play: async (story) => {
    const { cluster, lb1, freeze, monitorsOf } = story.site;
    const lost = await monitorsOf("node3");
    story.requests();
    await sleep(1000);
    const goOn = freeze(lb1.workers().slice(0, 1));
    const until = Date.now() + WORKER_PAUSE_MS;
    await sleep(2000);
    const killed = await story.now();
    await cluster.kill("node3");
    await story.untilMovedFrom("node3");
    await sleep(Math.max(0, until - Date.now()));
    goOn();
    await story.untilBeatingWithout(lost, "node3");
    await story.noteFailover("node3", killed);
    await cluster.start("node3");
    await story.rest();
  },
};

/** @type {Scenario} */
const pausedEqual = {
  name: "paused-equal",
  title: "the leading of two equal load balancers stands still in the middle of a fail-over, the other one takes over",
  allowed: { latenessS: LATE_WITHOUT_LEADER_S },
  play: async (story) => {
    const second = await withSecond(story);
    const { paused, released } = await pauseInFailover(story, second);
    await sleep(AFTER_PAUSE_MS);
    const { moves, statusChanges, leaseChanges } = await story.history.read();
    const late = [...moves, ...statusChanges].filter(({ at }) => at > released);
    story.figure("taken_over_s", leaseChanges[0].at - paused);
    story.figure("rows_changed_late", late.length);
    story.check("the paused leader changes 0 rows", late.length === 0, JSON.stringify(late));
    const same = leaseChanges.length === 1 && (await leader(story)).holder === second.name;
    story.check("the new leader goes on to lead", same, JSON.stringify(leaseChanges));
  },
};

/** @type {Scenario} */
const twoLoadBalancers = {
  name: "two-load-balancers",
  title: "two load balancers that share nothing but the database, and a node is killed",
  play: async (story) => {
    const { cluster, monitorsOf } = story.site;
    const lost = await monitorsOf("node3");
    story.requests();
    story.requests(await withSecond(story));
    const before = await leader(story);
    await sleep(2000);
    const killed = await story.now();
    await cluster.kill("node3");
    await story.untilMovedFrom("node3");
    await story.untilBeatingWithout(lost, "node3");
    await story.noteFailover("node3", killed);
    const { moves, leaseChanges } = await story.history.read();
    const once =
      moves.length === lost.length && new Set(moves.map(({ monitor_id }) => monitor_id)).size === lost.length;
    story.check("each owner changes once", once, `${moves.length} moves of ${lost.length} monitors`);
    story.check("one leads, in one epoch", leaseChanges.length === 0, JSON.stringify(leaseChanges));
    await cluster.start("node3");
    await story.rest();
    const same = (await leader(story)).epoch === before.epoch;
    story.check("the epoch is the one of the beginning", same, `it was ${before.epoch}`);
  },
};

/** @type {Scenario} */
const cutFromDatabase = {
  name: "load-balancers-cut",
  title: "both load balancers cannot reach the database for 20 s, and a node is killed meanwhile",
  play: async (story) => {
    const { cluster, proxies, monitorsOf, atEnd } = story.site;
    const lost = await monitorsOf("node3");
    const second = await withSecond(story);
    story.requests();
    story.requests(second);
    // What is routed by meanwhile should know of all nodes.
    await sleep(4000);
    const cut = await story.now();
    for (const proxy of [proxies.lb1, proxies.lb2]) {
      atEnd(() => proxy.heal());
      await proxy.cut();
    }
    const until = Date.now() + CUT_MS;
    await sleep(1000);
    await cluster.kill("node3");
    await sleep(until - Date.now());
    const { moves } = await story.history.read();
    story.check("nothing moves without the database", moves.length === 0, JSON.stringify(moves[0]));
    await Promise.all([proxies.lb1.heal(), proxies.lb2.heal()]);
    const back = await story.now();
    story.terms.outages.push({ from: cut, to: back, monitors: lost.map(({ id }) => id) });
    await story.untilMovedFrom("node3");
    await story.untilBeatingWithout(lost, "node3");
    await story.noteFailover("node3", back);
    await cluster.start("node3");
    await story.rest();
  },
};

/** @type {Scenario} */
const reloadUnderLoad = {
  name: "reload-under-load",
  title: `${RELOADS} reloads of nginx under load, and a node is killed in the middle`,
  play: async (story) => {
    const { cluster, lb1, monitorsOf } = story.site;
    const lost = await monitorsOf("node2");
    const first = lb1.workers();
    story.requests();
    const flood = startWrk(`${lb1.url}/dashboard`);
    let killed = 0;
    const reloads = async () => {
      for (let reload = 1; reload <= RELOADS; reload++) {
        await reloadNginx(lb1.pid, lb1.log);
        if (reload === RELOADS / 2) {
          killed = await story.now();
          await cluster.kill("node2");
        }
        await sleep(1500);
      }
      await story.untilMovedFrom("node2");
    };
    const { total, failures } = await reloads().then(flood.stop, async (error) => {
      await flood.stop();
      throw error;
    });
    story.figure("wrk_requests", total);
    // A kept connection may be closed by a reload as the next request goes out: see docs/failover.md.
    const wrong = failures.filter((line) => line.startsWith("Non-2xx"));
    story.check("every answer to wrk is good", wrong.length === 0, wrong.join());
    await story.untilBeatingWithout(lost, "node2");
    await story.noteFailover("node2", killed);
    await cluster.start("node2");
    const drained = () => lb1.workers().length === first.length && lb1.workers().every((pid) => !first.includes(pid));
    await waitFor(drained, { what: "the end of the old workers", timeoutMs: DRAIN_LIMIT_MS });
    await story.rest();
  },
};

/** @type {Scenario[]} */
export const LOAD_BALANCER_SCENARIOS = [workerPause, pausedEqual, twoLoadBalancers, cutFromDatabase, reloadUnderLoad];
