import { connect } from "node:net";

/**
 * @typedef {object} RawReply
 * @property {number} status 0 when there was no answer
 * @property {Record<string, string>} headers by lower-case name; the last one of a name
 * @property {Buffer} body as it came, with the chunks of a chunked one
 * @property {"closed" | "late" | "cut"} end the server closed the connection, was not done in time, or broke it off
 */

/**
 * Sends bytes, whatever they are, and takes what comes back until the server closes the connection.
 * @param {number} port on 127.0.0.1 @param {readonly (Uint8Array | string)[]} parts
 * @param {{from?: string, timeoutMs?: number}} [options] `from`: the client's address, any of 127.0.0.0/8
 * @returns {Promise<RawReply>} never throws
 */
export function sendRaw(port, parts, { from, timeoutMs = 20000 } = {}) {
  return new Promise((resolve) => {
    /** @type {Buffer[]} */
    const received = [];
    const socket = connect({ port, host: "127.0.0.1", ...(from === undefined ? {} : { localAddress: from }) });
    const finish = (/** @type {RawReply["end"]} */ end) => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ ...parse(Buffer.concat(received)), end });
    };
    const timer = setTimeout(() => finish("late"), timeoutMs);
    socket.on("data", (chunk) => received.push(chunk));
    socket.on("end", () => finish("closed"));
    // The server may answer and close before it has taken a body that it does not want.
    socket.on("error", () => finish("cut"));
    socket.on("connect", () => {
      for (const part of parts) socket.write(part);
    });
  });
}

/** @param {Buffer} bytes @returns {Omit<RawReply, "end">} */
function parse(bytes) {
  const headEnd = bytes.indexOf("\r\n\r\n");
  const head = bytes.subarray(0, headEnd === -1 ? bytes.length : headEnd).toString("latin1");
  const [first = "", ...lines] = head.split("\r\n");
  const status = Number(/^HTTP\/1\.\d (\d{3})/.exec(first)?.[1] ?? 0);
  const headers = lines.map((line) => [line.split(":", 1)[0]?.toLowerCase(), line.replace(/^[^:]*: */, "")]);
  return {
    status,
    headers: Object.fromEntries(headers),
    body: bytes.subarray(headEnd === -1 ? bytes.length : headEnd + 4),
  };
}
