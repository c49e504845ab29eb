// Users who add, change, pause, resume and delete monitors, by the API and in browsers, at both load balancers. What was
// acknowledged has to be so in the end.
import { setTimeout as sleep } from "node:timers/promises";
import { ask, newMonitor } from "../../agent/support/browser.mjs";
import { USER } from "../../agent/support/cluster.mjs";
import { send } from "../../agent/support/api.mjs";
import { INTERVAL_S } from "../../cluster/kuma-client.mjs";

/**
 * @typedef {import("./site.mjs").SoakSite} SoakSite
 * @typedef {import("./journal.mjs").Journal} Journal
 * @typedef {import("./random.mjs").Chance} Chance
 * @typedef {ReturnType<typeof import("./traffic.mjs").openBrowser>} Browser
 *
 * @typedef {object} Draft a monitor that is edited
 * @property {number} id
 * @property {string} path of its target, and its name
 * @property {"active" | "paused" | "deleted" | "unknown"} state `unknown` once an edit was not acknowledged
 */

const MOST = 8;
const SHORTEST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 8000;
/** A monitor that runs at this moment may end its check after it was paused. */
const LAST_CHECK_MS = 10000;

const AUTHORIZATION = `Basic ${btoa(`${USER.username}:${USER.password}`)}`;

/**
 * @param {SoakSite} site @param {Journal} journal @param {Chance} chance @param {Browser[]} browsers one at each load balancer
 */
export function startEdits(site, journal, chance, browsers) {
  const counts = { acknowledged: 0, excused: 0 };
  /** @type {string[]} */
  const failures = [];
  /** @type {Draft[]} */
  const drafts = [];
  let running = true;
  let added = 0;
  const editor = () => {
    const index = chance.whole(0, 1);
    return chance.whole(0, 1) === 0 ? byApi(site.balancers[index]) : bySocket(browsers[index]);
  };
  const step = async () => {
    const known = drafts.filter(({ state }) => state === "active" || state === "paused");
    const isNew = known.length === 0 || (known.length < MOST && chance.whole(0, 3) === 0);
    const by = editor();
    if (isNew) {
      const path = `/draft${++added}`;
      return attempt(`${by.name} adds ${path}`, async () => {
        drafts.push({ id: await by.add(monitorOf(site, path)), path, state: "active" });
      });
    }
    const draft = chance.one(known);
    const before = draft.state;
    const change = chance.one(/** @type {const} */ (["edit", "pause", "resume", "remove"]));
    draft.state = "unknown";
    const done = await attempt(`${by.name} does ${change} of ${draft.path}`, () =>
      by[change](draft.id, monitorOf(site, draft.path)),
    );
    const after = { edit: before, pause: "paused", resume: "active", remove: "deleted" };
    if (done) draft.state = /** @type {Draft["state"]} */ (after[change]);
  };
  const attempt = async (/** @type {string} */ what, /** @type {() => Promise<unknown>} */ act) => {
    const from = Date.now() / 1000;
    try {
      await act();
      counts.acknowledged += 1;
      return true;
    } catch (error) {
      const isExcused = journal.excusesEdit(from, Date.now() / 1000);
      if (isExcused) counts.excused += 1;
      else
        failures.push(
          `${new Date(from * 1000).toISOString()} ${what}: ${error instanceof Error ? error.message : error}`,
        );
      return false;
    }
  };
  const loop = async () => {
    while (running) {
      await step();
      const pause = chance.whole(SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS);
      for (let waited = 0; running && waited < pause; waited += 250) await sleep(250);
    }
  };
  const ended = loop();
  // Told by stop(): until then it must not end the run, and leave a cluster behind.
  ended.catch(() => undefined);
  return {
    ...{ counts, failures, drafts },
    stop: async () => {
      running = false;
      await ended;
    },
  };
}

/** @param {SoakSite} site @param {string} path */
const monitorOf = ({ receiver }, path) => ({ name: path, url: receiver.url + path, interval: INTERVAL_S });

/** @param {{name: string, url: string}} lb */
function byApi(lb) {
  const call = async (/** @type {string} */ method, /** @type {string} */ path, /** @type {unknown} */ body) => {
    const { status, json, error, text } = await send(lb, method, path, {
      body,
      headers: { Authorization: AUTHORIZATION },
    });
    if (status < 200 || status > 299) throw new Error(error ?? `${status} ${text.slice(0, 200)}`);
    return json;
  };
  return {
    name: `the API at ${lb.name}`,
    add: async (/** @type {object} */ monitor) =>
      Number((await call("POST", "/monitors", { type: "http", ...monitor })).id),
    edit: (/** @type {number} */ id, /** @type {object} */ monitor) => call("PATCH", `/monitors/${id}`, monitor),
    pause: (/** @type {number} */ id) => call("POST", `/monitors/${id}/pause`, undefined),
    resume: (/** @type {number} */ id) => call("POST", `/monitors/${id}/resume`, undefined),
    remove: (/** @type {number} */ id) => call("DELETE", `/monitors/${id}`, undefined),
  };
}

/** @param {Browser} browser */
function bySocket(browser) {
  const tell = async (/** @type {string} */ event, /** @type {unknown[]} */ ...args) => {
    const socket = await browser.connected();
    const answer = await ask(socket, event, ...args);
    if (answer.ok !== true) throw new Error(`${event} is refused: ${JSON.stringify(answer)}`);
    return answer;
  };
  return {
    name: "a browser",
    add: async (/** @type {object} */ monitor) => Number((await tell("add", newMonitor({ ...monitor }))).monitorID),
    edit: (/** @type {number} */ id, /** @type {object} */ monitor) =>
      tell("editMonitor", newMonitor({ ...monitor, id })),
    pause: (/** @type {number} */ id) => tell("pauseMonitor", id),
    resume: (/** @type {number} */ id) => tell("resumeMonitor", id),
    remove: (/** @type {number} */ id) => tell("deleteMonitor", id),
  };
}

/**
 * What is not as it was acknowledged, once nothing is edited and the cluster is at rest.
 * @param {SoakSite} site @param {Draft[]} drafts
 * @returns {Promise<string[]>}
 */
export async function wrongDrafts({ cluster, receiver }, drafts) {
  await sleep(LAST_CHECK_MS);
  const since = Date.now();
  await sleep(INTERVAL_S * 1000 + LAST_CHECK_MS);
  const rows = new Map(
    (await cluster.sql("SELECT id, active FROM monitor")).map((row) => [row.id, Boolean(row.active)]),
  );
  return drafts.flatMap(({ id, path, state }) => {
    if (state === "unknown") return [];
    const active = rows.get(id);
    const found = active === undefined ? "deleted" : active ? "active" : "paused";
    if (found !== state) return [`${path} (${id}) was to be ${state} and is ${found}`];
    const checks = receiver.hitsOf(path, since).length;
    return (state === "active") === checks > 0 ? [] : [`${path} (${id}) is ${state} and was checked ${checks} times`];
  });
}
