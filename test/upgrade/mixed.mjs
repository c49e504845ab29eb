// What users of a cluster do, whatever release its parts run.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { ask, logIn } from "../agent/support/browser.mjs";
import { request } from "../support/http.mjs";

const HEARD_LIMIT_MS = 10000;

/**
 * The pages of the API answer at each load balancer, and a user who logs in there finds the monitors.
 * @param {{name: string, url: string}[]} balancers @param {{id: number}[]} monitors @param {string[]} nodes all online
 */
export async function assertServes(balancers, monitors, nodes) {
  for (const { name, url } of balancers) {
    const health = await request(`${url}/lb/health`);
    /** @type {{node_id: string, status: string}[]} */
    const listed = health.json.nodes;
    const found = Object.fromEntries(listed.map(({ node_id, status }) => [node_id, status]));
    assert.deepEqual(found, Object.fromEntries(nodes.map((id) => [id, "online"])), name);
    for (const path of ["system-status", "node-status", "capacity", "load-balancer-status", "rebalancing-status"]) {
      assert.equal((await request(`${url}/lb/${path}`)).status, 200, `${name} ${path}`);
    }
    assert.equal((await request(`${url}/api/v1/health`)).json.db, "ok", name);
    const socket = await logIn({ url });
    for (const { id } of monitors.slice(0, 3)) {
      const answer = await ask(socket, "getMonitor", id);
      assert.equal(answer.monitor?.id, id, `${name}: ${JSON.stringify(answer)}`);
    }
    socket.disconnect();
  }
}

/**
 * What a user adds at any node, the browsers at all others hear of.
 * @param {{node_id: string, url: string}[]} nodes
 */
export async function assertTheyTalk(nodes) {
  const sockets = await Promise.all(nodes.map((node) => logIn(node)));
  try {
    for (const [index, speaker] of sockets.entries()) {
      const name = `said at ${nodes[index].node_id} ${randomBytes(4).toString("hex")}`;
      const heard = sockets.map((socket, other) => untilHeard(socket, name, nodes[other].node_id));
      const notification = {
        name,
        type: "webhook",
        isDefault: false,
        applyExisting: false,
        webhookURL: "http://127.0.0.1:9",
      };
      const answer = await ask(speaker, "addNotification", notification, null);
      assert.equal(answer.ok, true, JSON.stringify(answer));
      await Promise.all(heard);
      assert.equal((await ask(speaker, "deleteNotification", answer.id)).ok, true);
    }
  } finally {
    for (const socket of sockets) socket.disconnect();
  }
}

/** @param {import("socket.io-client").Socket} socket @param {string} name @param {string} nodeId */
function untilHeard(socket, name, nodeId) {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error(`a browser at ${nodeId} never heard "${name}"`)), HEARD_LIMIT_MS);
    const listen = (/** @type {{name: string}[]} */ list) => {
      if (!list.some((notification) => notification.name === name)) return;
      clearTimeout(limit);
      socket.off("notificationList", listen);
      resolve(undefined);
    };
    socket.on("notificationList", listen);
  });
}
