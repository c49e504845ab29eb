// A cluster whose parts run the previous release or this tree, each as it is told the next time it starts. What happens
// meanwhile is judged as the scenarios of test/chaos are: by the history that the database keeps.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { waitFor } from "../../local/processes.mjs";
import { startChaosSite } from "../chaos/site.mjs";
import { untilLeads, withFollower } from "../chaos/scenarios/followers.mjs";
import { beginStory } from "../chaos/story.mjs";
import { request } from "../support/http.mjs";
import { extractPrevious } from "../support/releases.mjs";
import { assertServes, assertTheyTalk } from "./mixed.mjs";

/**
 * @typedef {import("../chaos/story.mjs").Story} Story
 * @typedef {import("../chaos/site.mjs").Balancer} Balancer
 * @typedef {"old" | "new"} Release
 * @typedef {Awaited<ReturnType<typeof actions>>} Update
 */

/** The leader has its lease back by then: see docs/failover.md. */
const LEADS_LIMIT_MS = 45000;

/**
 * Starts a cluster of the previous release with two load balancers and monitors that beat, has it updated, and judges.
 * @param {{diagnostic: (text: string) => void}} t
 * @param {(update: Update) => Promise<unknown>} play
 * @returns {Promise<Record<string, string[]>>} what did not hold, and how
 */
export async function playUpdate(t, play) {
  const folder = mkdtempSync(join(tmpdir(), "release-"));
  const previous = await extractPrevious(folder);
  /** @type {Map<string, Release>} */
  const releases = new Map();
  const site = await startChaosSite({
    treeOf: (part) => (releases.get(part) === "new" ? undefined : previous),
  });
  let keep = true;
  try {
    const story = await beginStory(site);
    const update = await actions(t, story, releases);
    await play(update).catch((error) => story.fail(error instanceof Error ? (error.stack ?? "") : String(error)));
    await site.calm();
    const { findings, figures } = await story.end();
    for (const [name, value] of Object.entries(figures)) t.diagnostic(`${name} ${value}`);
    const broken = findings.filter(({ violations }) => violations.length > 0);
    keep = broken.length > 0;
    if (keep) t.diagnostic(`logs, tables and history.json: ${site.data}`);
    return Object.fromEntries(broken.map(({ name, violations }) => [name, violations]));
  } finally {
    await site.close(keep);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {{diagnostic: (text: string) => void}} t @param {Story} story @param {Map<string, Release>} releases */
async function actions(t, story, releases) {
  const { cluster, lb1 } = story.site;
  const lb2 = await withFollower(story);
  const nodes = [...cluster.nodeOfPid().values()];
  const say = (/** @type {string} */ what, /** @type {number} */ began) =>
    t.diagnostic(`${what}: ${((Date.now() - began) / 1000).toFixed(1)} s`);

  /** Everything answers at both load balancers, and each part runs the release that it was told. */
  const check = async () => {
    await assertServes([lb1, lb2], story.site.monitors, nodes);
    const rows = await cluster.sql("SELECT node_id, agent_version FROM node");
    const found = Object.fromEntries(rows.map(({ node_id, agent_version }) => [node_id, agent_version]));
    for (const { name, url } of [lb1, lb2]) found[name] = (await request(`${url}/lb/system-status`)).json.version;
    await assertTheyTalk(cluster.state().nodes);
    return found;
  };

  return {
    ...{ story, lb1, lb2, check },
    /** Renews a load balancer while the users are at the other one. @param {Balancer} lb @param {Release} release */
    balancer: async (lb, release) => {
      const began = Date.now();
      releases.set(lb.name, release);
      story.requests(lb === lb1 ? lb2 : lb1);
      lb.quit();
      await lb.untilEnded();
      await lb.start();
      const ready = async () => (await request(`${lb.url}/lb/readyz`)).status === 200;
      await waitFor(ready, { what: `${lb.name} to be ready`, timeoutMs: LEADS_LIMIT_MS });
      await untilLeads(story, lb1.name, LEADS_LIMIT_MS);
      await story.stopLoads();
      say(`${lb.name} runs the ${release} release and lb1 leads`, began);
    },
    /** Renews a node while users are at both load balancers. @param {string} nodeId @param {Release} release */
    node: async (nodeId, release) => {
      const began = Date.now();
      releases.set(nodeId, release);
      story.requests(lb1);
      story.requests(lb2);
      await cluster.stop(nodeId);
      await cluster.start(nodeId);
      await story.rest();
      await story.stopLoads();
      say(`${nodeId} runs the ${release} release and has its monitors`, began);
    },
    /** A node dies; when its monitors beat elsewhere, it comes back. @param {string} nodeId @param {Release} release */
    death: async (nodeId, release) => {
      const lost = await story.site.monitorsOf(nodeId);
      releases.set(nodeId, release);
      story.requests(lb1);
      story.requests(lb2);
      await story.untilAlmostDue(lost);
      const killed = await story.now();
      await cluster.kill(nodeId);
      await story.untilMovedFrom(nodeId);
      await story.untilBeatingWithout(lost, nodeId);
      await story.noteFailover(nodeId, killed);
      await cluster.start(nodeId);
      await story.rest();
      await story.stopLoads();
    },
  };
}
