import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { request } from "node:http";
import { request as requestTls } from "node:https";

const KEY_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455, 1.3
const TEXT = 1;
const CLOSE = 8;

/**
 * Server side: accepts a WebSocket, sends a greeting and then every message back.
 * @param {import("node:http").IncomingMessage} incoming
 * @param {import("node:stream").Duplex} socket
 * @param {string} greeting
 */
export function acceptWebSocket(incoming, socket, greeting) {
  const key = `${incoming.headers["sec-websocket-key"]}${KEY_SUFFIX}`;
  const accept = createHash("sha1").update(key).digest("base64");
  const lines = ["Upgrade: websocket", "Connection: Upgrade", `Sec-WebSocket-Accept: ${accept}`];
  socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join("\r\n")}\r\n\r\n`);
  socket.write(frame(TEXT, new TextEncoder().encode(greeting)));
  onMessage(socket, (opcode, payload) => {
    socket.write(frame(opcode, payload));
    if (opcode === CLOSE) socket.end();
  });
}

/**
 * Client side.
 * @param {string} url of http or https
 * @param {Record<string, string>} [headers]
 * @param {string} [ca] who vouches for a server of https, in PEM
 * @returns {Promise<{status: number, headers: import("node:http").IncomingHttpHeaders, next: () => Promise<string>,
 *   send: (text: string) => void, close: () => void, closed: Promise<unknown>}>} `next` waits for a text message
 */
export async function openWebSocket(url, headers = {}, ca = undefined) {
  const key = randomBytes(16).toString("base64");
  const upgrade = { Connection: "Upgrade", Upgrade: "websocket", "Sec-WebSocket-Version": "13" };
  const open = url.startsWith("https:") ? requestTls : request;
  const outgoing = open(url, { ca, headers: { ...upgrade, "Sec-WebSocket-Key": key, ...headers } }).end();
  const refused = once(outgoing, "response").then(([response]) => {
    throw new Error(`no WebSocket: the answer is ${response.statusCode}`);
  });
  const [response, socket, head] = await Promise.race([once(outgoing, "upgrade"), refused]);
  refused.catch(() => undefined);
  /** @type {string[]} */
  const messages = [];
  if (head.length > 0) socket.unshift(head);
  onMessage(socket, (opcode, payload) => {
    if (opcode === TEXT) messages.push(new TextDecoder().decode(payload));
    socket.emit("message");
  });
  const next = async () => {
    while (messages.length === 0) await once(socket, "message", { signal: AbortSignal.timeout(10000) });
    return String(messages.shift());
  };
  return {
    ...{ status: response.statusCode, headers: response.headers, next, closed: once(socket, "close") },
    send: (text) => socket.write(frame(TEXT, new TextEncoder().encode(text), true)),
    close: () => socket.destroy(),
  };
}

/**
 * @param {import("node:stream").Duplex} socket
 * @param {(opcode: number, payload: Uint8Array) => void} handler
 */
function onMessage(socket, handler) {
  let pending = new Uint8Array(0);
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk) => {
    pending = joined(pending, chunk);
    for (let message = takeFrame(pending); message !== undefined; message = takeFrame(pending)) {
      pending = pending.slice(message.size);
      handler(message.opcode, message.payload);
    }
  });
}

/** @param {number} opcode @param {Uint8Array} payload up to 65535 bytes @param {boolean} [masked] as clients must */
function frame(opcode, payload, masked = false) {
  const { length } = payload;
  const flag = masked ? 0x80 : 0;
  const head = length < 126 ? [0x80 | opcode, flag | length] : [0x80 | opcode, flag | 126, length >> 8, length & 255];
  if (!masked) return joined(Uint8Array.from(head), payload);
  const mask = new Uint8Array(randomBytes(4));
  return joined(joined(Uint8Array.from(head), mask), unmasked(payload, mask));
}

/** @param {Uint8Array} data */
function takeFrame(data) {
  const [opcode = 0, size = 0, high = 0, low = 0] = data;
  if (data.length < 2) return undefined;
  const short = (size & 127) < 126;
  const maskStart = short ? 2 : 4;
  const start = maskStart + ((size & 0x80) === 0 ? 0 : 4);
  const end = start + (short ? size & 127 : (high << 8) | low);
  if (data.length < end) return undefined;
  const payload = unmasked(data.slice(start, end), data.subarray(maskStart, start));
  return { opcode: opcode & 15, payload, size: end };
}

/** @param {Uint8Array} payload @param {Uint8Array} mask empty for none */
function unmasked(payload, mask) {
  return mask.length === 0 ? payload : payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0));
}

/** @param {Uint8Array} first @param {Uint8Array} second */
function joined(first, second) {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}
