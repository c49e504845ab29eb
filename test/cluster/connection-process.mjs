import { readFileSync, readdirSync, readlinkSync } from "node:fs";

// Columns of /proc/net/tcp.
const LOCAL_ADDRESS = 1;
const REMOTE_ADDRESS = 2;
const INODE = 9;

// The kernel hands the table out piece by piece: a line may be missed while others come and go.
const TRIES = 3;

/**
 * Which process has the other end of a connection within 127.0.0.1? Every node checks from the same address: only the
 * kernel can tell them apart.
 * @param {import("node:net").Socket} socket this end, while the connection is open
 * @param {number[]} pids the processes that may have it
 * @returns {number | undefined} undefined when none of them has it (any more)
 */
export function processOfConnection(socket, pids) {
  const [client, server] = [address(socket.remotePort), address(socket.localPort)];
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const inode = inodeOfConnection(client, server);
    const pid = pids.find((candidate) => openFiles(candidate).includes(`socket:[${inode}]`));
    if (pid !== undefined) return pid;
  }
  return undefined;
}

/** @param {string} local @param {string} remote */
function inodeOfConnection(local, remote) {
  const lines = readFileSync("/proc/net/tcp", "utf8").split("\n");
  const connections = lines.map((line) => line.trim().split(/\s+/));
  return connections.find((fields) => fields[LOCAL_ADDRESS] === local && fields[REMOTE_ADDRESS] === remote)?.[INODE];
}

/** As Linux writes a port of 127.0.0.1: in hexadecimal, the bytes of the address reversed. @param {number} [port] */
function address(port = 0) {
  return `0100007F:${port.toString(16).toUpperCase().padStart(4, "0")}`;
}

/** @param {number} pid */
function openFiles(pid) {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).map((name) => linkTarget(`${folder}/${name}`));
  } catch {
    return [];
  }
}

/** @param {string} path */
function linkTarget(path) {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}
