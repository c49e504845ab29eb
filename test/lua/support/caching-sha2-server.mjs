import { createHash, randomBytes } from "node:crypto";
import { createServer } from "node:net";

const PASSWORD = "correct horse";
const PLUGIN = "caching_sha2_password";
const FAST_AUTH_OK = [1, 3];
const FULL_AUTH = [1, 4];
const AUTH_SWITCH = 0xfe;
const OK = [0, 0, 0, 2, 0, 0, 0];
const ERR_ACCESS_DENIED = [0xff, 0x15, 0x04];
const NONCE_BYTES = 20;

/** @typedef {number[]} Bytes */

/**
 * The log-in of a MySQL 8 server, which MariaDB 10 does not have. The user `fast` is in the server's cache; `switched`
 * too, but is asked for a second proof by a switch of the plugin; `full` is not in the cache. Every statement is
 * answered by OK.
 * @param {number} port
 */
export async function startCachingSha2Server(port) {
  const server = createServer((socket) => {
    const steps = logIn();
    socket.on("error", () => socket.destroy());
    const answer = (/** @type {Bytes[]} */ packets) => packets.forEach((bytes) => socket.write(Uint8Array.from(bytes)));
    answer(steps.next(Buffer.alloc(0)).value);
    socket.on("data", (data) => answer(steps.next(data).value));
  });
  await new Promise((resolve) => server.listen(port, "127.0.0.1", () => resolve(undefined)));
  return { close: () => void server.close() };
}

/**
 * The packets to send after each one that came.
 * @returns {Generator<Bytes[], never, Buffer>}
 */
function* logIn() {
  const nonce = [...randomBytes(NONCE_BYTES)].map((byte) => (byte & 0x7f) | 1);
  const response = yield [packet(0, greeting(nonce))];
  const { user, proof } = handshakeResponse(response);
  let last = { sequence: response[3] ?? 0, proof };
  if (user === "switched") {
    const second = yield [packet(last.sequence + 1, [AUTH_SWITCH, ...zeroText(PLUGIN), ...nonce, 0])];
    last = { sequence: second[3] ?? 0, proof: [...second.subarray(4)] };
  }
  yield verdict(last.sequence + 1, user, last.proof, nonce);
  for (;;) yield [packet(1, OK)];
}

/** @param {number} sequence @param {string} user @param {Bytes} proof @param {Bytes} nonce @returns {Bytes[]} */
function verdict(sequence, user, proof, nonce) {
  if (proof.join() !== expectedProof(nonce).join()) {
    return [packet(sequence, [...ERR_ACCESS_DENIED, ...Buffer.from(`#28000Access denied for user '${user}'`)])];
  }
  if (user === "full") return [packet(sequence, FULL_AUTH)];
  return [packet(sequence, FAST_AUTH_OK), packet(sequence + 1, OK)];
}

/** @param {Bytes} bytes @returns {Bytes} */
function sha256(bytes) {
  return [...createHash("sha256").update(Uint8Array.from(bytes)).digest()];
}

/** @param {Bytes} nonce @returns {Bytes} */
function expectedProof(nonce) {
  const once = sha256([...Buffer.from(PASSWORD)]);
  const mask = sha256([...sha256(once), ...nonce]);
  return once.map((byte, i) => byte ^ (mask[i] ?? 0));
}

/** @param {number} sequence @param {Bytes} payload @returns {Bytes} */
function packet(sequence, payload) {
  return [payload.length & 0xff, payload.length >> 8, 0, sequence, ...payload];
}

/** @param {Bytes} nonce @returns {Bytes} */
function greeting(nonce) {
  const threadId = [1, 0, 0, 0];
  const capabilities = [0xff, 0xf7, 45, 2, 0, 0xff, 0x81, NONCE_BYTES + 1];
  const start = [10, ...zeroText("8.0.36"), ...threadId, ...nonce.slice(0, 8), 0, ...capabilities];
  return [...start, ...Array(10).fill(0), ...nonce.slice(8), 0, ...zeroText(PLUGIN)];
}

/** @param {Buffer} data header, flags, sizes, then the user's name and the proof with its length */
function handshakeResponse(data) {
  const start = 36;
  const end = data.indexOf(0, start);
  const length = data[end + 1] ?? 0;
  return { user: data.toString("latin1", start, end), proof: [...data.subarray(end + 2, end + 2 + length)] };
}

/** @param {string} text @returns {Bytes} */
function zeroText(text) {
  return [...Buffer.from(text), 0];
}
