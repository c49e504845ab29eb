/** @type {Record<string, number>} */
const TYPES = { A: 1, NS: 2, CNAME: 5, MX: 15, TXT: 16, AAAA: 28 };
const HEADER_BYTES = 12;
const RESPONSE = 0x8180;
const TRUNCATED = 0x0200;

/**
 * @typedef {{values: string[], ttl: number}} RecordSet
 * @typedef {{name: string, type: string, end: number}} Question `end` is the offset after it
 */

/** @param {Buffer} query @returns {Question} */
export function decodeQuestion(query) {
  const labels = [];
  let at = HEADER_BYTES;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  const code = query.readUInt16BE(at + 1);
  const [type = String(code)] = Object.entries(TYPES).find(([, value]) => value === code) ?? [];
  return { name: labels.join(".").toLowerCase(), type, end: at + 5 };
}

/**
 * @param {Buffer} query @param {Question} question
 * @param {{name: string, type: string, set: RecordSet}[]} records
 * @param {{code?: number, truncated?: boolean}} flags
 */
export function encodeAnswer(query, question, records, { code = 0, truncated = false }) {
  const answers = records.flatMap(({ name, type, set }) =>
    set.values.flatMap((value) => encodeRecord(name, type, value, set)),
  );
  const id = [...query.subarray(0, 2)];
  const flags = bytes(RESPONSE | code | (truncated ? TRUNCATED : 0), 2);
  const counts = [...bytes(1, 2), ...bytes(countOf(records), 2), ...bytes(0, 4)];
  return Uint8Array.from([...id, ...flags, ...counts, ...query.subarray(HEADER_BYTES, question.end), ...answers]);
}

/** @param {{set: RecordSet}[]} records */
function countOf(records) {
  return records.reduce((sum, { set }) => sum + set.values.length, 0);
}

/**
 * @param {number} value @param {number} count
 * @returns {number[]} big endian
 */
export function bytes(value, count) {
  return Array.from({ length: count }, (_, i) => Math.floor(value / 256 ** (count - 1 - i)) % 256);
}

/** @param {string} name @param {string} type @param {string} value @param {RecordSet} set */
function encodeRecord(name, type, value, set) {
  const data = encodeData(type, value);
  return [
    ...encodeName(name),
    ...bytes(TYPES[type] ?? 0, 2),
    ...bytes(1, 2),
    ...bytes(set.ttl, 4),
    ...bytes(data.length, 2),
    ...data,
  ];
}

/** @param {string} type @param {string} value an IPv6 address with all its eight groups, "10 mail.test" of an MX */
function encodeData(type, value) {
  if (type === "CNAME" || type === "NS") return encodeName(value);
  if (type === "TXT") return [value.length, ...Buffer.from(value)];
  if (type === "MX") return [...bytes(parseInt(value), 2), ...encodeName(value.split(" ")[1] ?? "")];
  if (type === "A") return value.split(".").map(Number);
  return value.split(":").flatMap((group) => bytes(parseInt(group, 16), 2));
}

/** @param {string} name */
function encodeName(name) {
  return [...name.split(".").flatMap((label) => [label.length, ...Buffer.from(label)]), 0];
}
