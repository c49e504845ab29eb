// What nodes would store: beats of the monitors that they run.
import { setTimeout as sleep } from "node:timers/promises";

const EVERY_MS = 1000;
const BEATS = `INSERT INTO heartbeat (monitor_id, status, time, duration)
  SELECT m.id, 1, NOW(), 1 FROM monitor m JOIN node n ON n.node_id = m.owner_node
  WHERE m.active = 1 AND n.status IN ('online', 'draining')`;

/**
 * Each active monitor of a living node beats once a second.
 * @param {{sql: (text: string) => Promise<string>}} system
 * @returns {{silence: (node: string) => void, resume: (node: string) => void, stop: () => Promise<void>}}
 *   `silence`: nothing beats on the node any more, though the load balancer does not know yet that it is dead
 */
export function startBeats({ sql }) {
  let isRunning = true;
  /** @type {Set<string>} */
  const silent = new Set();
  const loop = (async () => {
    while (isRunning) {
      const list = [...silent].map((node) => `'${node}'`).join(", ");
      await sql(list === "" ? BEATS : `${BEATS} AND n.node_id NOT IN (${list})`).catch(() => undefined);
      await sleep(EVERY_MS);
    }
  })();
  return {
    silence: (node) => silent.add(node),
    resume: (node) => silent.delete(node),
    stop: async () => {
      isRunning = false;
      await loop;
    },
  };
}
