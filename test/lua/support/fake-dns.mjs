import { createSocket } from "node:dgram";
import { createServer } from "node:net";
import { bytes, decodeQuestion, encodeAnswer } from "./dns-message.mjs";

const SERVFAIL = 2;
const NXDOMAIN = 3;
const REFUSED = 5;
const MAX_ALIASES = 2;

/**
 * @typedef {import("./dns-message.mjs").RecordSet} RecordSet
 * @typedef {import("./dns-message.mjs").Question} Question
 * @typedef {{records: Map<string, Map<string, RecordSet>>, queries: string[], mode: string}} Zone
 */

/**
 * A DNS server on 127.0.0.1, UDP and TCP, whose records and failures the specs set. The Lua side is fake_dns.lua.
 * @param {number} port
 */
export async function startFakeDns(port) {
  /** @type {Zone} */
  const zone = { records: new Map(), queries: [], mode: "" };
  const udp = createSocket("udp4");
  udp.on("message", (query, from) => {
    const answer = answerTo(zone, query, true);
    if (answer !== undefined) udp.send(answer, from.port, from.address);
  });
  const tcp = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.once("data", (data) => {
      const answer = answerTo(zone, data.subarray(2), false);
      if (answer === undefined) return;
      socket.end(Uint8Array.from([...bytes(answer.length, 2), ...answer]));
    });
  });
  await new Promise((resolve) => udp.bind(port, "127.0.0.1", () => resolve(undefined)));
  await new Promise((resolve) => tcp.listen(port, "127.0.0.1", () => resolve(undefined)));
  return {
    commands: zoneCommands(zone),
    close() {
      udp.close();
      tcp.close();
    },
  };
}

/** @param {Zone} zone */
function zoneCommands(zone) {
  return {
    dns_clear() {
      zone.records.clear();
      zone.queries.length = 0;
      zone.mode = "";
    },
    /** @param {{name: string, type: string, values: string[], ttl: number}} argument */
    dns_set({ name, type, values, ttl }) {
      const sets = zone.records.get(name) ?? new Map();
      zone.records.set(name, sets.set(type, { values, ttl }));
    },
    /** @param {{name: string}} argument */
    dns_remove: ({ name }) => void zone.records.delete(name),
    /** @param {{mode: string}} argument */
    dns_fail({ mode }) {
      zone.mode = mode;
    },
    /** @param {{name: string, type: string}} argument */
    dns_count: ({ name, type }) => zone.queries.filter((query) => query === `${name} ${type}`).length,
  };
}

/** @param {Zone} zone @param {Buffer} query @param {boolean} isUdp @returns {Uint8Array | undefined} */
function answerTo(zone, query, isUdp) {
  const question = decodeQuestion(query);
  zone.queries.push(`${question.name} ${question.type}`);
  if (zone.mode === "drop") return undefined;
  if (zone.mode === "servfail") return encodeAnswer(query, question, [], { code: SERVFAIL });
  if (zone.mode === "refused") return encodeAnswer(query, question, [], { code: REFUSED });
  if (zone.mode === "truncate" && isUdp) return encodeAnswer(query, question, [], { truncated: true });
  const sets = zone.records.get(question.name);
  if (sets === undefined) return encodeAnswer(query, question, [], { code: NXDOMAIN });
  return encodeAnswer(query, question, recordsFor(zone, question.name, question.type), {});
}

/**
 * The chain of aliases and the records at its end, as a recursive server gives them; of a long chain only the start.
 * @param {Zone} zone @param {string} name @param {string} type @param {number} [depth]
 * @returns {{name: string, type: string, set: RecordSet}[]}
 */
function recordsFor(zone, name, type, depth = 0) {
  if (depth > MAX_ALIASES) return [];
  const sets = zone.records.get(name);
  const alias = sets?.get("CNAME");
  if (alias !== undefined) {
    const target = alias.values[0] ?? "";
    return [{ name, type: "CNAME", set: alias }, ...recordsFor(zone, target, type, depth + 1)];
  }
  const set = sets?.get(type);
  return set === undefined ? [] : [{ name, type, set }];
}
