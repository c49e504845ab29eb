import { createServer } from "node:net";

// Below the range from which the kernel takes the source ports of outgoing connections, so that a port found free
// here is not taken by a client socket before its server listens.
const FIRST_PORT = 20000;
const LAST_PORT = 31999;
const TRIES = 200;

// A port that is free now may be one that another process has found and not yet bound, or that it will bind again:
// processes that run side by side are given ranges of their own, as "20000-21499".
const [first, last] = (process.env.FREE_PORTS ?? `${FIRST_PORT}-${LAST_PORT}`).split("-").map(Number);

/** @type {Set<number>} */
const given = new Set();

/**
 * Is something listening on this port of 127.0.0.1 (or of all addresses)?
 * @param {number} port
 * @returns {Promise<boolean>}
 */
export function portInUse(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(true));
    probe.listen({ port, host: "127.0.0.1", exclusive: true }, () => probe.close(() => resolve(false)));
  });
}

/**
 * A TCP port of 127.0.0.1 that nobody listens on; never the same one twice in this process.
 * @returns {Promise<number>}
 * @throws when no free port is found
 */
export async function freePort() {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const port = first + Math.floor(Math.random() * (last - first + 1));
    if (given.has(port) || (await portInUse(port))) continue;
    given.add(port);
    return port;
  }
  throw new Error(`no free port between ${first} and ${last} on 127.0.0.1`);
}

/**
 * What the variable FREE_PORTS of a process says that is to have ports of its own.
 * @param {number} index from 0 @param {number} count of the ranges
 */
export function portRange(index, count) {
  const size = Math.floor((LAST_PORT - FIRST_PORT + 1) / count);
  return `${FIRST_PORT + index * size}-${FIRST_PORT + (index + 1) * size - 1}`;
}

/**
 * @param {number} count how many different ports
 * @returns {Promise<number[]>}
 */
export async function freePorts(count) {
  const ports = [];
  for (let i = 0; i < count; i++) ports.push(await freePort());
  return ports;
}

/**
 * @param {number} count how many ports that follow each other
 * @returns {Promise<number>} the first of them
 */
export async function neighbouringPorts(count) {
  for (;;) {
    const first = await freePort();
    const others = Array.from({ length: count - 1 }, (_, index) => first + index + 1);
    const inUse = await Promise.all(others.map((port) => given.has(port) || portInUse(port)));
    if (inUse.includes(true)) continue;
    for (const port of others) given.add(port);
    return first;
  }
}
