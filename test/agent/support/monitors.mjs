// Monitors written to the database directly: with intervals shorter than the web page allows, and with a chosen home.

/** @typedef {import("./cluster.mjs").Site} Site */

/**
 * Adds HTTP monitors of `/<name>` on the target, `m1` and so on.
 * @param {Site} site
 * @param {{count: number, interval?: number, home: string | ((index: number) => string | null), retries?: number,
 *   prefix?: string, notify?: boolean}} settings `interval` in seconds
 * @returns {Promise<{id: number, path: string}[]>}
 */
export async function addMonitors(site, settings) {
  const { count, interval = 3, home, retries = 0, prefix = "m", notify = false } = settings;
  const names = Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);
  const rows = names.map((name, index) => {
    const node = typeof home === "string" ? home : home(index);
    const owner = node === null ? "NULL" : `'${node}'`;
    return `('${name}', 'http', '${site.target.url}/${name}', ${interval}, 1, 1, 'GET', '["200-299"]', ${retries}, ${interval}, ${owner})`;
  });
  await site.sql(`INSERT INTO monitor (name, type, url, \`interval\`, user_id, active, method, accepted_statuscodes_json,
    maxretries, retry_interval, node_id) VALUES ${rows.join(",")}`);
  const list = names.map((name) => `'${name}'`).join(",");
  if (notify) await notifyAbout(site, list);
  const found = await site.sql(`SELECT id, name FROM monitor WHERE name IN (${list}) ORDER BY id`);
  return found.map(([id, name]) => ({ id: Number(id), path: `/${name}` }));
}

/** @param {Site} site @param {string} names */
async function notifyAbout(site, names) {
  const config = JSON.stringify({
    type: "webhook",
    name: "hook",
    webhookURL: `${site.target.url}/hook`,
    webhookContentType: "json",
  });
  await site.sql(`INSERT INTO notification (name, config, active, user_id, is_default) VALUES ('hook', '${config}', 1, 1, 0);
    INSERT INTO monitor_notification (monitor_id, notification_id)
      SELECT id, (SELECT MAX(id) FROM notification) FROM monitor WHERE name IN (${names})`);
}

/**
 * Gives monitors to another node and notes it in the log of moves, as a load balancer does.
 * @param {Site} site @param {number[]} ids @param {string | null} node null sends them home
 */
export async function assign(site, ids, node) {
  const value = node === null ? "NULL" : `'${node}'`;
  const where = `WHERE id IN (${ids.join(",")})`;
  await site.sql(`START TRANSACTION;
    INSERT INTO cluster_move (operation, monitor_id, from_node, to_node, epoch, seconds, state)
      SELECT 0, id, owner_node, COALESCE(${value}, node_id), 1, \`interval\`, IF(active = 1, 'waiting', 'idle')
      FROM monitor ${where} FOR UPDATE;
    UPDATE monitor SET assigned_node = ${value} ${where};
    COMMIT`);
}

/**
 * The stored beats of a monitor, oldest first; `at` in seconds since 1970.
 * @param {Site} site @param {number} id
 */
export async function beats(site, id) {
  const rows = await site.sql(`SET time_zone = '+00:00';
    SELECT UNIX_TIMESTAMP(time), status, important FROM heartbeat WHERE monitor_id = ${id} ORDER BY id`);
  return rows.map(([at, status, important]) => ({
    at: Number(at),
    status: Number(status),
    important: important === "1",
  }));
}

/** The seconds between each beat and the next. @param {{at: number}[]} list */
export function gaps(list) {
  return list.slice(1).map((beat, index) => beat.at - list[index].at);
}
