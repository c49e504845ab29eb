// What scenarios of two load balancers share.
import { waitFor } from "../../../local/processes.mjs";

/** @typedef {import("../story.mjs").Story} Story @typedef {import("../balancers.mjs").Balancer} Balancer */

/** Longer than a lease lasts. */
export const AFTER_PAUSE_MS = 12000;
/** Two parts fail at once: what it takes to follow the leader comes on top of the 10 s for a node that dies. */
export const LATE_WITHOUT_LEADER_S = 30;

/** The leader's lease as it stands. @param {Story} story */
export async function leader(story) {
  const [row] = await story.site.cluster.sql("SELECT holder, session, epoch FROM cluster_lease WHERE name = 'leader'");
  return row;
}

/**
 * The leader stands still at the worst moment: its UPDATE of the owners is under way to the database. It arrives when
 * the other one has moved the monitors, and the node has come back and has them again: a write that only compares the
 * owner would move them away from a living node. Then the leader goes on.
 * @param {Story} story @param {Balancer} second
 * @returns {Promise<{paused: number, released: number}>} when it stood still and when its UPDATE arrived, by the
 *   database's clock
 */
export async function pauseInFailover(story, second) {
  const { cluster, proxies, lb1, freeze, atEnd } = story.site;
  story.requests(second);
  const load = story.requests();
  const hold = proxies.lb1.holdBack(/\bSET\s+m\.\w+\s*=/i);
  atEnd(() => proxies.lb1.heal());
  atEnd(hold.release);
  await cluster.kill("node3");
  await within(hold.held, 60000, "the leader's UPDATE of the owners");
  await load.stop();
  const goOn = freeze([lb1.pid, ...lb1.workers()]);
  const paused = await story.now();
  const leads = async () => (await leader(story)).holder === second.name;
  await waitFor(leads, { what: "the other load balancer's lease", timeoutMs: 30000 });
  await story.untilMovedFrom("node3");
  await cluster.start("node3");
  await story.rest();
  const released = await story.now();
  hold.release();
  await within(hold.answered, 10000, "the answer to the late UPDATE");
  goOn();
  return { paused, released };
}

/** @param {Promise<void>} event @param {number} ms @param {string} what */
async function within(event, ms, what) {
  let happened = false;
  void event.then(() => (happened = true));
  await waitFor(() => happened, { what, timeoutMs: ms, everyMs: 10 });
}
