// A client of Kuma's socket, as its web page is one.
import { io } from "socket.io-client";
import { USER } from "./cluster.mjs";

/**
 * @param {{url: string}} node @param {object} [options] of socket.io-client
 * @returns {Promise<import("socket.io-client").Socket>}
 */
export function connect(node, options = {}) {
  const socket = io(node.url, { transports: ["websocket"], reconnection: false, forceNew: true, ...options });
  return new Promise((resolve, reject) => {
    // Kuma listens to a client from then on.
    socket.once("info", () => resolve(socket));
    socket.once("connect_error", reject);
  });
}

/**
 * Sends an event and waits for its answer.
 * @param {import("socket.io-client").Socket} socket @param {string} event @param {unknown[]} args
 * @returns {Promise<any>}
 */
export function ask(socket, event, ...args) {
  return socket.timeout(60000).emitWithAck(event, ...args);
}

/** Makes the first user. @param {{url: string}} node @param {object} [options] of socket.io-client */
export async function setUp(node, options = {}) {
  const socket = await connect(node, options);
  const answer = await ask(socket, "setup", USER.username, USER.password);
  socket.disconnect();
  return answer;
}

/** A client that is logged in. @param {{url: string}} node @param {object} [options] of socket.io-client */
export async function logIn(node, options = {}) {
  const socket = await connect(node, options);
  const answer = await ask(socket, "login", { ...USER, token: "" });
  if (answer.ok !== true) throw new Error(`cannot log in: ${JSON.stringify(answer)}`);
  return socket;
}

/** A new monitor as the web page sends it. @param {Record<string, unknown>} settings */
export function newMonitor(settings) {
  return {
    type: "http",
    name: "monitor",
    method: "GET",
    interval: 20,
    retryInterval: 20,
    resendInterval: 0,
    maxretries: 0,
    timeout: 16,
    notificationIDList: {},
    ignoreTls: false,
    upsideDown: false,
    expiryNotification: false,
    maxredirects: 10,
    accepted_statuscodes: ["200-299"],
    dns_resolve_type: "A",
    dns_resolve_server: "1.1.1.1",
    proxyId: null,
    authMethod: null,
    httpBodyEncoding: "json",
    kafkaProducerBrokers: [],
    kafkaProducerSaslOptions: { mechanism: "None" },
    ...settings,
  };
}
