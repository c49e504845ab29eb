// Plays scenarios one after the other. A scenario that leaves the cluster as it found it hands it to the next one; the
// files of one that fails stay.
import { kumaVersion, ensureKuma } from "../../local/kuma.mjs";
import { waitFor } from "../../local/processes.mjs";
import { startChaosSite } from "./site.mjs";
import { beginStory } from "./story.mjs";

/**
 * @typedef {import("./scenarios/nodes.mjs").Scenario} Scenario
 * @typedef {import("./site.mjs").ChaosSite} ChaosSite
 *
 * @typedef {object} Verdict
 * @property {string} scenario
 * @property {string} title
 * @property {boolean} ok
 * @property {number} seconds
 * @property {number} held how many invariants and other checks held
 * @property {number} checked of how many
 * @property {Record<string, string[]>} violations by what did not hold
 * @property {Record<string, number>} figures
 * @property {string} [files] the folder with logs, tables and history, when it failed
 */

const READY_MS = 60000;

/** The Uptime Kuma that is played with. */
export async function playedVersion() {
  return kumaVersion(await ensureKuma());
}

/** Returns what plays scenarios, and ends the cluster that the last one left. */
export function openStage() {
  /** @type {{site: ChaosSite, monitors: number | undefined} | undefined} */
  let current;
  const clear = async (/** @type {boolean} */ keep) => {
    const left = current;
    current = undefined;
    await left?.site.close(keep);
  };
  /** @param {Scenario} scenario */
  const siteFor = async ({ monitors }) => {
    if (current !== undefined && current.monitors !== monitors) await clear(false);
    current ??= { site: await startChaosSite({ monitors }), monitors };
    await untilReady(current.site);
    return current.site;
  };
  return {
    /** @param {Scenario} scenario @returns {Promise<Verdict>} never throws */
    play: async (scenario) => {
      const started = Date.now();
      const site = await siteFor(scenario).catch((error) => messageOf(error));
      if (typeof site === "string") {
        const files = current?.site.data;
        await clear(true);
        return verdict(scenario, started, [{ name: "the cluster starts", violations: [site] }], {}, files);
      }
      const { findings, figures } = await played(site, scenario);
      const failed = findings.some(({ violations }) => violations.length > 0);
      if (failed || scenario.last === true) await clear(failed);
      return verdict(scenario, started, findings, figures, failed ? site.data : undefined);
    },
    close: () => clear(false),
  };
}

/** @param {ChaosSite} site @param {Scenario} scenario */
async function played(site, scenario) {
  try {
    const story = await beginStory(site, scenario.allowed);
    await scenario.play(story).catch((error) => story.fail(messageOf(error)));
    await site.calm();
    const result = await story.end();
    await site.reset();
    return result;
  } catch (error) {
    await site.reset().catch(() => {});
    return { findings: [{ name: "it can be judged", violations: [messageOf(error)] }], figures: {} };
  }
}

/** Waits until the first load balancer leads again and knows all nodes. @param {ChaosSite} site */
export async function untilReady({ cluster, lb1 }) {
  const leads = async () => {
    const [lease] = await cluster.sql("SELECT holder, session FROM cluster_lease WHERE name = 'leader'");
    return lease.holder === lb1.name && lease.session !== "";
  };
  await waitFor(leads, { what: "the lease of the first load balancer", timeoutMs: READY_MS });
  await cluster.untilStatus({ node1: "online", node2: "online", node3: "online" }, READY_MS);
}

/**
 * @param {Scenario} scenario @param {number} started @param {import("./story.mjs").Finding[]} findings
 * @param {Record<string, number>} figures @param {string | undefined} files
 * @returns {Verdict}
 */
function verdict({ name, title }, started, findings, figures, files) {
  const broken = findings.filter(({ violations }) => violations.length > 0);
  return {
    ...{ scenario: name, title, ok: broken.length === 0, seconds: Math.round((Date.now() - started) / 1000) },
    ...{ held: findings.length - broken.length, checked: findings.length, figures },
    violations: Object.fromEntries(broken.map((finding) => [finding.name, finding.violations])),
    ...(files === undefined ? {} : { files }),
  };
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}
