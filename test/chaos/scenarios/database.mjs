// A database that is away, read-only or slow. Whatever it is: requests are routed, nothing moves, all goes on after it.
import { setTimeout as sleep } from "node:timers/promises";

/** @typedef {import("./nodes.mjs").Scenario} Scenario @typedef {import("../story.mjs").Story} Story */

const STOP_MS = 20000;
const READ_ONLY_MS = 20000;
const SLOW_MS = 20000;
/** What a database may take to stop. */
const BEGINS_S = 3;
/** The trouble is over a moment before this process knows it. */
const ENDS_S = 1;
const BALANCER_LATENCY_MS = 1500;
const NODE_LATENCY_MS = 400;

/**
 * @param {string} name @param {string} title
 * @param {(story: Story) => Promise<unknown>} trouble returns when it is over
 * @param {{stores: boolean}} [options] `stores`: beats can be stored meanwhile
 * @returns {Scenario}
 */
function databaseScenario(name, title, trouble, { stores } = { stores: false }) {
  return {
    ...{ name, title },
    play: async (story) => {
      story.requests();
      // What is routed by meanwhile should know of all nodes.
      await sleep(3000);
      const from = await story.now();
      await trouble(story);
      const to = await story.now();
      if (!stores) story.terms.outages.push({ from, to });
      await story.rest();
      const { moves, statusChanges, beats } = await story.history.read();
      const stored = beats.filter(({ at }) => at > from + BEGINS_S && at < to - ENDS_S);
      if (!stores) story.check("no beat is stored meanwhile", stored.length === 0, JSON.stringify(stored[0]));
      const changes = [...moves, ...statusChanges];
      story.check("nothing moves, no node is called dead", changes.length === 0, JSON.stringify(changes.slice(0, 3)));
    },
  };
}

/** @param {Story} story @param {number} ms */
async function stopDatabase({ site: { cluster, proxies, atEnd } }, ms) {
  const parts = Object.values(proxies);
  atEnd(() => Promise.all(parts.map((proxy) => proxy.heal())));
  await Promise.all([cluster.stopDatabase(), ...parts.map((proxy) => proxy.cut())]);
  await sleep(ms);
  await cluster.startDatabase();
  await Promise.all(parts.map((proxy) => proxy.heal()));
}

/** @type {Scenario[]} */
export const DATABASE_SCENARIOS = [
  databaseScenario("database-stop", "the database is stopped for 20 s", (story) => stopDatabase(story, STOP_MS)),
  databaseScenario("database-restart", "the database is restarted", (story) => stopDatabase(story, 0)),
  databaseScenario("database-read-only", "the database is read-only for 20 s", async ({ site: { admin, atEnd } }) => {
    const writable = () => admin("SET GLOBAL read_only = 0");
    atEnd(writable);
    await admin("SET GLOBAL read_only = 1");
    await sleep(READ_ONLY_MS);
    await writable();
  }),
  databaseScenario(
    "database-slow",
    "the database answers the load balancer after 3 s for 20 s, and then not at all for 20 s",
    async ({ site: { proxies, atEnd } }) => {
      atEnd(() => proxies.lb1.heal());
      proxies.lb1.slow(BALANCER_LATENCY_MS);
      await sleep(SLOW_MS);
      proxies.lb1.silence();
      await sleep(SLOW_MS);
      await proxies.lb1.heal();
    },
    { stores: true },
  ),
  databaseScenario(
    "database-slow-for-node",
    "the database answers one node after 0.8 s for 20 s",
    async ({ site: { proxies, atEnd } }) => {
      atEnd(() => proxies.node2.heal());
      proxies.node2.slow(NODE_LATENCY_MS);
      await sleep(SLOW_MS);
      await proxies.node2.heal();
    },
    { stores: true },
  ),
];
