// A TCP proxy on 127.0.0.1 that can be slow, silent, cut, or hold back one statement.
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * @typedef {object} ToxicProxy all toxics count for open connections as well as for new ones
 * @property {number} port
 * @property {(ms: number) => void} slow each piece of data arrives so much later, in both directions
 * @property {() => void} silence accepts connections and passes nothing on, not even their ends, as a black hole
 * @property {() => Promise<void>} cut resets all connections and refuses new ones
 * @property {() => Promise<void>} heal what was silent flows on; what was cut can be opened anew
 * @property {(pattern: RegExp) => Hold} holdBack of the clients' data the first piece that matches, and what follows on
 *   its connection
 * @property {() => Promise<void>} close
 *
 * @typedef {{held: Promise<void>, release: () => void, answered: Promise<void>}} Hold `held` resolves when the piece has
 *   arrived, which goes on when it is released; `answered` when the other side has answered it
 *
 * @typedef {{opened: Promise<void>, open: () => void}} Gate
 * @typedef {{pattern: RegExp, caught: Gate, released: Gate, answered: Gate}} Catch
 * @typedef {{latencyMs: number, silence: Gate | undefined, hold: Catch | undefined}} Toxics
 * @typedef {{toxics: Toxics, released: Catch | undefined}} Link one connection
 */

/**
 * @param {number} targetPort of 127.0.0.1
 * @returns {Promise<ToxicProxy>}
 */
export async function startToxicProxy(targetPort) {
  /** @type {Toxics} */
  const toxics = { latencyMs: 0, silence: undefined, hold: undefined };
  /** @type {Set<import("node:net").Socket>} */
  const sockets = new Set();
  const server = createServer((client) => {
    const target = connect({ port: targetPort, host: "127.0.0.1", noDelay: true });
    for (const socket of [client.setNoDelay(true), target]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => sockets.delete(socket));
    }
    /** @type {Link} */
    const link = { toxics, released: undefined };
    pass(client, target, link, (chunk) => heldBack(link, chunk));
    pass(target, client, link, () => link.released?.answered.open());
  });
  const listen = async (port = 0) => {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  };
  await listen();
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const disconnect = async () => {
    if (!server.listening) return;
    const closed = once(server, "close");
    server.close();
    for (const socket of sockets) socket.resetAndDestroy();
    await closed;
  };
  const heal = async () => {
    toxics.latencyMs = 0;
    toxics.silence?.open();
    toxics.silence = undefined;
    toxics.hold?.released.open();
    toxics.hold = undefined;
    if (!server.listening) await listen(port);
  };
  return {
    ...{ port, heal, cut: disconnect },
    slow: (ms) => void (toxics.latencyMs = ms),
    silence: () => void (toxics.silence ??= gate()),
    holdBack: (pattern) => holdBack(toxics, pattern),
    close: async () => {
      await heal();
      await disconnect();
    },
  };
}

/**
 * @param {import("node:net").Socket} from @param {import("node:net").Socket} to @param {Link} link
 * @param {(chunk: Uint8Array) => unknown} before a piece goes on
 */
function pass(from, to, { toxics }, before) {
  let turn = Promise.resolve();
  /** @param {() => unknown} act */
  const inTurn = (act) => {
    const due = Date.now() + toxics.latencyMs;
    turn = turn.then(async () => {
      if (due > Date.now()) await sleep(due - Date.now());
      await toxics.silence?.opened;
      await act();
    });
  };
  from.on("data", (chunk) =>
    inTurn(async () => {
      await before(chunk);
      to.write(chunk);
    }),
  );
  from.on("close", () => inTurn(() => to.destroy()));
}

/** @param {Link} link @param {Uint8Array} chunk */
async function heldBack(link, chunk) {
  const { hold } = link.toxics;
  if (hold === undefined || !hold.pattern.test(new TextDecoder().decode(chunk))) return;
  link.toxics.hold = undefined;
  hold.caught.open();
  await hold.released.opened;
  link.released = hold;
}

/** @param {Toxics} toxics @param {RegExp} pattern @returns {Hold} */
function holdBack(toxics, pattern) {
  const [caught, released, answered] = [gate(), gate(), gate()];
  toxics.hold = { pattern, caught, released, answered };
  return { held: caught.opened, release: released.open, answered: answered.opened };
}

/** @returns {Gate} */
function gate() {
  let open = () => {};
  /** @type {Promise<void>} */
  const opened = new Promise((resolve) => (open = resolve));
  return { opened, open };
}
