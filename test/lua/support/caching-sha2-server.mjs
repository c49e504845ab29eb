import { createHash, randomBytes } from "node:crypto";
import { createServer } from "node:net";

const PASSWORD = "correct horse";
const PLUGIN = "caching_sha2_password";
const FAST_AUTH_OK = Buffer.from([1, 3]);
const FULL_AUTH = Buffer.from([1, 4]);
const OK = Buffer.from([0, 0, 0, 2, 0, 0, 0]);
const NONCE_BYTES = 20;

/**
 * The log-in of a MySQL 8 server, which MariaDB 10 does not have. The user `fast` is in the server's cache, `switched`
 * too but is asked for its proof once more by a switch of the plugin, `full` is not in the cache. Every statement is answered by OK.
 * @param {number} port
 */
export async function startCachingSha2Server(port) {
  const server = createServer((socket) => {
    const nonce = Buffer.from(randomBytes(NONCE_BYTES).map((byte) => (byte & 0x7f) | 1));
    socket.on("error", () => socket.destroy());
    socket.write(packet(0, greeting(nonce)));
    /** @type {(sequence: number, payload: Buffer) => Buffer[]} */
    let step = (sequence, payload) => {
      const { user, proof } = handshakeResponse(payload);
      step = () => [packet(1, OK)];
      if (user !== "switched") return verdict(sequence + 1, user, proof, nonce);
      step = (next, answer) => {
        step = () => [packet(1, OK)];
        return verdict(next + 1, user, answer, nonce);
      };
      return [packet(sequence + 1, Buffer.concat([Buffer.from([0xfe]), zeroText(PLUGIN), nonce, Buffer.from([0])]))];
    };
    socket.on("data", (data) => {
      for (const answer of step(data[3] ?? 0, data.subarray(4))) socket.write(answer);
    });
  });
  await new Promise((resolve) => server.listen(port, "127.0.0.1", () => resolve(undefined)));
  return { close: () => void server.close() };
}

/** @param {number} sequence @param {string} user @param {Buffer} proof @param {Buffer} nonce */
function verdict(sequence, user, proof, nonce) {
  if (!proof.equals(expectedProof(nonce))) return [packet(sequence, accessDenied(user))];
  if (user === "full") return [packet(sequence, FULL_AUTH)];
  return [packet(sequence, FAST_AUTH_OK), packet(sequence + 1, OK)];
}

/** @param {...Buffer} parts */
function sha256(...parts) {
  return createHash("sha256").update(Buffer.concat(parts)).digest();
}

/** @param {Buffer} nonce */
function expectedProof(nonce) {
  const once = sha256(Buffer.from(PASSWORD));
  const mask = sha256(sha256(once), nonce);
  return Buffer.from(once.map((byte, i) => byte ^ (mask[i] ?? 0)));
}

/** @param {number} sequence @param {Buffer} payload */
function packet(sequence, payload) {
  const header = Buffer.alloc(4);
  header.writeUIntLE(payload.length, 0, 3);
  header[3] = sequence;
  return Buffer.concat([header, payload]);
}

/** @param {Buffer} nonce */
function greeting(nonce) {
  const fixed = Buffer.from([0xff, 0xf7, 45, 2, 0, 0xff, 0x81, NONCE_BYTES + 1]);
  const threadId = Buffer.from([1, 0, 0, 0]);
  const zero = Buffer.from([0]);
  const start = Buffer.concat([Buffer.from([10]), zeroText("8.0.36"), threadId, nonce.subarray(0, 8), zero, fixed]);
  return Buffer.concat([start, Buffer.alloc(10), nonce.subarray(8), zero, zeroText(PLUGIN)]);
}

/** @param {Buffer} payload */
function handshakeResponse(payload) {
  const end = payload.indexOf(0, 32);
  const length = payload[end + 1] ?? 0;
  return { user: payload.toString("latin1", 32, end), proof: payload.subarray(end + 2, end + 2 + length) };
}

/** @param {string} user */
function accessDenied(user) {
  const head = Buffer.from([0xff, 0x15, 0x04]);
  return Buffer.concat([head, Buffer.from(`#28000Access denied for user '${user}'`)]);
}

/** @param {string} text */
function zeroText(text) {
  return Buffer.from(`${text}\0`);
}
