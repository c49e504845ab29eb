// A program that meets tables of another release: it goes on with what was added, and refuses what it is too old for.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ensureKuma, startNode } from "../../local/kuma.mjs";
import { startLoadBalancer } from "../../local/load-balancer.mjs";
import { startMariadb } from "../../local/mariadb.mjs";
import { freePort } from "../../local/ports.mjs";
import { waitFor } from "../../local/processes.mjs";
import { request } from "../support/http.mjs";
import { VERSION } from "../support/releases.mjs";

const { version, oldest_compatible } = JSON.parse(
  readFileSync(new URL("../../sql/version.json", import.meta.url), "utf8"),
);
const NEWER = version + 7;

/** @type {string} */
let dir;
/** @type {import("../../local/mariadb.mjs").Mariadb} */
let db;

before(async () => {
  dir = mkdtempSync(join(tmpdir(), "schema-"));
  db = await startMariadb({ dir: join(dir, "db"), port: await freePort(), password: "secret" });
});
after(async () => {
  await db?.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** @param {string} name @param {Record<string, string>} [env] */
async function loadBalancer(name, env = {}) {
  return startLoadBalancer({
    dir: join(dir, name),
    port: await freePort(),
    db,
    env: { UPTIME_KUMA_NODE_ID: name, ...env },
  });
}

async function node() {
  const place = { dir: join(dir, "node1"), port: await freePort(), nodeId: "node1" };
  return startNode({ kumaDir: await ensureKuma(), ...place, db });
}

/** @param {number} number @param {number} oldest */
async function applySchema(number, oldest) {
  await db.sql(
    `REPLACE INTO cluster_schema (version, oldest_compatible, applied_by)
    VALUES (${number}, ${oldest}, 'agent 9.9.9 of node9')`,
    "kuma",
  );
}

const schemas = async () =>
  (await db.sql("SELECT version FROM cluster_schema ORDER BY version", "kuma")).trim().split("\n");

test("two load balancers and a node that start at once note their schema once", async () => {
  const started = await Promise.all([loadBalancer("lb1"), loadBalancer("lb2"), node()]);
  try {
    await started[2].ready();
    assert.deepEqual(await schemas(), [String(version)]);
    const status = async () => (await request(`${started[0].url}/lb/system-status`)).json.schema;
    const schema = await waitFor(status, { what: "the schema in the status" });
    assert.deepEqual([schema.version, schema.oldest_compatible], [version, oldest_compatible]);
    assert.match(schema.applied_by, new RegExp(`^(load balancer|agent) ${VERSION} of (lb1|lb2|node1)$`));
    assert.match(schema.applied_at, /^20\d\d-\d\d-\d\dT/);
  } finally {
    for (const part of started) await part.stop();
  }
});

test("a newer schema that has only added something changes nothing for them", async () => {
  await applySchema(NEWER, version);
  const started = /** @type {const} */ ([await loadBalancer("lb1"), await node()]);
  try {
    await started[1].ready();
    const leads = async () => (await request(`${started[0].url}/lb/system-status`)).json.leader?.is_this === true;
    await waitFor(leads, { what: "the lease" });
    assert.deepEqual(await schemas(), [String(version), String(NEWER)]);
  } finally {
    for (const part of started) await part.stop();
  }
});

test("a schema that needs newer programs is refused by one sentence, and nothing is written", async () => {
  await applySchema(NEWER, NEWER - 1);
  const sentence = new RegExp(
    `${VERSION} knows schema ${version} of the cluster's tables, but these have schema ${NEWER} ` +
      `\\(by agent 9\\.9\\.9 of node9\\), for which ${NEWER - 1} or newer is needed: upgrade it`,
  );
  const refused = await node();
  await assert.rejects(refused.ready(), sentence);
  // The load balancer before was ended without a goodbye: its lease is for anybody to take after 15 s.
  const lease = () => db.sql("SELECT epoch, session FROM cluster_lease WHERE name = 'leader'", "kuma");
  await db.sql("UPDATE cluster_lease SET renewed_at = NOW(6) - INTERVAL 1 HOUR", "kuma");
  const held = await lease();
  const seen = await db.sql("SELECT last_seen, status FROM node", "kuma");
  const lb = await loadBalancer("lb1");
  try {
    const why = async () => (await request(`${lb.url}/lb/health-status`)).json.statistics.last_round.sentence;
    await waitFor(async () => sentence.test(await why()), { what: "the sentence" });
    assert.equal(await lease(), held);
    assert.equal(await db.sql("SELECT last_seen, status FROM node", "kuma"), seen);
  } finally {
    await lb.stop();
  }
});
