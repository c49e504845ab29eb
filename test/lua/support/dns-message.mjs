/** @type {Record<string, number>} */
const TYPES = { A: 1, CNAME: 5, AAAA: 28 };
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
  const answers = records.flatMap(({ name, type, set }) => set.values.map((value) => encodeRecord(name, type, value, set)));
  const header = Buffer.alloc(HEADER_BYTES);
  query.copy(header, 0, 0, 2);
  header.writeUInt16BE(RESPONSE | code | (truncated ? TRUNCATED : 0), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(answers.length, 6);
  return Buffer.concat([header, query.subarray(HEADER_BYTES, question.end), ...answers]);
}

/** @param {string} name @param {string} type @param {string} value @param {RecordSet} set */
function encodeRecord(name, type, value, set) {
  const data = encodeData(type, value);
  const fixed = Buffer.alloc(10);
  fixed.writeUInt16BE(TYPES[type] ?? 0, 0);
  fixed.writeUInt16BE(1, 2);
  fixed.writeUInt32BE(set.ttl, 4);
  fixed.writeUInt16BE(data.length, 8);
  return Buffer.concat([encodeName(name), fixed, data]);
}

/** @param {string} type @param {string} value an IPv6 address with all its eight groups */
function encodeData(type, value) {
  if (type === "CNAME") return encodeName(value);
  if (type === "A") return Buffer.from(value.split(".").map(Number));
  return Buffer.from(value.split(":").flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 0xff]));
}

/** @param {string} name */
function encodeName(name) {
  const labels = name.split(".").map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]));
  return Buffer.concat([...labels, Buffer.from([0])]);
}
