// Section "sockets": WebSockets held through each proxy, and what a proxy's processes need for one of them. The kernel's
// buffers are the same for all and not counted. Clients come from many addresses, by which ours spreads them.
import { connect } from "node:net";
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../local/ports.mjs";
import { spawnDetached, stopProcess, waitFor } from "../local/processes.mjs";
import { memoryOf } from "./meters.mjs";
import { startCaddy, startHaproxy, startPlainNginx } from "./peers.mjs";
import { BARE_PATH, OTHER_CORE, atEnd, close, newFolder, startDatabase, startOurs } from "./stage.mjs";
import { figure, ratio } from "./statistics.mjs";

const WANTED = 10000;
/** Files that a process opens beside two for each WebSocket. */
const OTHER_FILES = 500;
const BATCH = 250;
const HOLD_MS = 2000;
const BACKEND = fileURLToPath(new URL("socket-backend.mjs", import.meta.url));
const run = promisify(execFile);

/** As many as one process may hold. */
async function countToHold() {
  const { stdout } = await run("sh", ["-c", "ulimit -Hn"]);
  const limit = stdout.trim() === "unlimited" ? Infinity : Number(stdout);
  return Math.min(WANTED, Math.floor((limit - OTHER_FILES) / 2));
}

async function startNodes() {
  const port = await freePort();
  const places = [1, 2, 3].map((number) => `127.1.0.${number}:${port}`);
  const log = `${newFolder("socket-backend")}/log`;
  const command = ["-c", OTHER_CORE, process.execPath, BACKEND, places.join(",")];
  const pid = await spawnDetached("taskset", command, { log });
  atEnd(() => stopProcess(pid, { mark: BACKEND }));
  await waitFor(async () => (await fetch(`http://${places[2]}${BARE_PATH}`)).ok, { what: "the nodes", pid, log });
  return places;
}

/** Opens one WebSocket. @param {number} port @param {number} number @returns {Promise<import("node:net").Socket>} */
function open(port, number) {
  const localAddress = `127.2.${(number >> 6) & 255}.${(number & 63) + 1}`;
  const socket = connect({ host: "127.0.0.1", port, localAddress });
  const lines = ["Host: localhost", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"];
  lines.push("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Origin: http://localhost");
  socket.write(`GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.once("data", (data) => {
      if (data.toString("latin1", 0, 12) !== "HTTP/1.1 101") return reject(new Error(data.toString("latin1", 0, 200)));
      socket.removeListener("error", reject);
      socket.on("error", () => undefined);
      resolve(socket.resume());
    });
  });
}

/**
 * Opens them all, looks how many are still open after a while, and closes them.
 * @param {import("./load.mjs").Target} target @param {number} count @param {number} fresh megabytes before the first round
 */
async function hold({ url, pid }, count, fresh) {
  const port = Number(new URL(url).port);
  /** @type {import("node:net").Socket[]} */
  const sockets = [];
  let failed = 0;
  const started = performance.now();
  for (let first = 0; first < count; first += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, count - first) }, (_, index) => open(port, first + index));
    for (const result of await Promise.allSettled(batch)) {
      if (result.status === "fulfilled") sockets.push(result.value);
      else failed += 1;
    }
  }
  const seconds = (performance.now() - started) / 1000;
  await sleep(HOLD_MS);
  const held = sockets.filter((socket) => !socket.closed && !socket.readableEnded).length;
  const memory = memoryOf(pid).pss;
  const ends = sockets.map((socket) => new Promise((resolve) => socket.once("close", resolve)));
  for (const socket of sockets) socket.destroy();
  await Promise.all(ends);
  await sleep(500);
  return { held, failed, opened_per_second: count / seconds, memory, kb_each: ((memory - fresh) * 1024) / held };
}

/** @param {{rounds: number, say: (line: string) => void, sockets?: number}} settings */
export async function holdSockets({ rounds, say, sockets = WANTED }) {
  const count = Math.min(sockets, await countToHold());
  const backends = await startNodes();
  // One worker cannot hold two files for each on every machine; one that is nearly full leaves new ones to the other.
  const site = { backends, workers: 2, events: "worker_connections 20000; accept_mutex on;", connections: count };
  const targets = {
    cluster: await startOurs(await startDatabase(backends), { workers: 2, events: site.events }),
    nginx: await startPlainNginx(site),
    haproxy: await startHaproxy(site),
    caddy: await startCaddy(site),
  };
  const names = /** @type {(keyof typeof targets)[]} */ (Object.keys(targets));
  const fresh = Object.fromEntries(names.map((name) => [name, memoryOf(targets[name].pid).pss]));
  /** @type {Record<string, Awaited<ReturnType<typeof hold>>[]>} */
  const results = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const name of names) results[name]?.push(await hold(targets[name], count, Number(fresh[name])));
    const line = names.map(
      (name) => `${name} ${results[name]?.at(-1)?.held} held, ${results[name]?.at(-1)?.kb_each.toFixed(1)} KB`,
    );
    say(`sockets, round ${round + 1}: ${line.join("; ")}`);
  }
  await close();
  const ours = (results.cluster ?? []).map(({ kb_each }) => kb_each);
  const peers = Object.entries(results).map(([name, list]) => [
    name,
    {
      held: Math.min(...list.map(({ held }) => held)),
      refused: list.reduce((sum, { failed }) => sum + failed, 0),
      kb_each: figure(list.map(({ kb_each }) => kb_each)),
      opened_per_second: figure(list.map(({ opened_per_second }) => opened_per_second)),
      ours_to_it: ratio(
        ours,
        list.map(({ kb_each }) => kb_each),
      ),
    },
  ]);
  return { asked_for: WANTED, opened: count, workers: 2, peers: Object.fromEntries(peers) };
}
