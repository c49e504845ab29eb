// What a user has made in a cluster of containers, and whether all of it is there.
import assert from "node:assert/strict";
import { waitFor } from "../../local/processes.mjs";
import { ask, logIn, newMonitor, setUp } from "../agent/support/browser.mjs";
import { ICON_BYTES, addStatusPage } from "../cluster/kuma-client.mjs";
import { request } from "../support/http.mjs";

const MONITORS = 6;
const PAGE = "public";
/** What a monitor of a container can always reach. */
export const ITSELF = "http://openresty:8084/lb/ping";

/**
 * The user of the first start adds monitors, a tag and a status page with an icon.
 * @param {import("./project.mjs").Project} project
 */
export async function furnish(project) {
  assert.equal((await setUp(project)).ok, true);
  const socket = await logIn(project);
  const ids = [];
  for (let number = 1; number <= MONITORS; number++) {
    const answer = await ask(socket, "add", newMonitor({ name: `m${number}`, url: ITSELF, notificationIDList: {} }));
    assert.equal(answer.ok, true, JSON.stringify(answer));
    ids.push(answer.monitorID);
  }
  const { tag } = await ask(socket, "addTag", { name: "Laden 🛒", color: "#00ff00" });
  await ask(socket, "addMonitorTag", tag.id, ids[0], "größer");
  await addStatusPage(socket, PAGE, [{ id: ids[0] }]);
  socket.disconnect();
  return ids;
}

/**
 * Runs statements in the project's database, as its user.
 * @param {import("./project.mjs").Project} project @param {string} statements
 * @returns {Promise<string>} tab-separated rows
 */
export function sql(project, statements) {
  const client = 'exec mariadb --default-character-set=utf8mb4 -BN -ukuma -p"$MARIADB_PASSWORD" kuma -e "$SQL"';
  return project.compose("exec", "-T", "-e", `SQL=${statements}`, "mariadb", "sh", "-c", client);
}

/** Waits until each active monitor has beaten after a row. @param {import("./project.mjs").Project} project @param {number} beat */
export async function untilBeating(project, beat) {
  const missing = `SELECT COUNT(*) FROM monitor m WHERE active = 1 AND NOT EXISTS
    (SELECT 1 FROM heartbeat h WHERE h.monitor_id = m.id AND h.id > ${beat} AND h.status = 1)`;
  const check = async () => (await sql(project, missing)) === "0";
  await waitFor(check, { what: "a beat of each monitor", timeoutMs: 300000, everyMs: 1000 });
}

/** The user logs in, the page is shown, and each node has its icon. @param {import("./project.mjs").Project} project */
export async function assertFurnished(project) {
  const socket = await logIn(project);
  socket.disconnect();
  const page = await request(`${project.url}/api/status-page/${PAGE}`);
  assert.equal(page.json.config.slug, PAGE);
  for (const node of ["node1", "node2", "node3"]) {
    const headers = { Cookie: `KUMA_FIXED_NODE=${node}` };
    const icon = await fetch(`${project.url}${page.json.config.icon.split("?")[0]}?${node}`, { headers });
    assert.deepEqual(Buffer.from(await icon.arrayBuffer()), ICON_BYTES, node);
  }
}
