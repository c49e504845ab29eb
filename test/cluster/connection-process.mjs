import { readFileSync, readdirSync, readlinkSync } from "node:fs";

const LOCAL_ADDRESS = 1;
const INODE = 9;
// The kernel hands the table out piece by piece: a line may be missed while others come and go.
const TRIES = 5;

/**
 * Which process has a TCP connection from this port of 127.0.0.1? Every node checks from the same address: only the
 * kernel can tell them apart.
 * @param {number} port the client's, while the connection is open
 * @param {number[]} pids the processes that may have it
 * @returns {number | undefined} undefined when none of them has it (any more)
 */
export function processOfConnection(port, pids) {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const inode = inodeOfConnection(port);
    const pid = pids.find((candidate) => openFiles(candidate).includes(`socket:[${inode}]`));
    if (pid !== undefined) return pid;
  }
  return undefined;
}

/** @param {number} port */
function inodeOfConnection(port) {
  // Linux's table of IPv4 connections: addresses in hexadecimal, 127.0.0.1 with its bytes reversed.
  const address = `0100007F:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const lines = readFileSync("/proc/net/tcp", "utf8").split("\n");
  const fields = lines.map((line) => line.trim().split(/\s+/)).find((columns) => columns[LOCAL_ADDRESS] === address);
  return fields?.[INODE];
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
