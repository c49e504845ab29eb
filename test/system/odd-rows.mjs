// What nobody should write into the database, for the fuzz test. Equal seeds make equal statements.
import fc from "fast-check";
import { MARKUP } from "./odd-requests.mjs";

/** So that NULL and odd text have a place, as in tables that somebody else made. */
export const LOOSE_TABLES = `
  ALTER TABLE node MODIFY node_id VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    MODIFY node_name TEXT NULL, MODIFY host TEXT NULL, MODIFY status VARCHAR(255) NULL, MODIFY is_primary INT NULL,
    MODIFY region TEXT NULL, MODIFY weight BIGINT NULL, MODIFY version TEXT NULL, MODIFY last_seen DATETIME NULL,
    MODIFY last_error TEXT NULL, MODIFY status_since DATETIME NULL, MODIFY drained_at DATETIME NULL;
  ALTER TABLE monitor MODIFY active INT NULL, MODIFY \`interval\` BIGINT NULL, MODIFY retry_interval BIGINT NULL,
    MODIFY name TEXT NULL, MODIFY push_token VARCHAR(255) NULL;`;

const TEXTS = [
  ...[
    "",
    " ",
    "node1 ",
    "NODE1",
    "'; DROP TABLE node; --",
    "' OR '1'='1",
    '"',
    "\\",
    "\\'",
    "`",
    "%",
    "_",
    "?",
    "%s",
    "%00",
  ],
  ...[
    "\n",
    "a\nb",
    "\r\nX-Odd: 1",
    "\t",
    "\u0001",
    "\u007f",
    MARKUP,
    "<img src=x onerror=odd()>",
    "&lt;",
    "{{7*7}}",
    "${odd}",
  ],
  ...[
    "節點",
    "😀",
    "e\u0301",
    "\u202e",
    "\ufeff",
    "\uffff",
    "null",
    "NULL",
    "undefined",
    "0",
    "-1",
    "1e999",
    "{}",
    "[]",
    ".",
    "../..",
    "a/b",
  ],
  ...["x".repeat(255), "節".repeat(85), "'".repeat(255), "uptime-kuma-", "a;b=c", "node1=node2", "a,b", "a b"],
];

const HOSTS = [
  ...[
    "127.0.0.1",
    "127.0.0.1:",
    ":3001",
    "127.0.0.1:0",
    "127.0.0.1:99999",
    "127.0.0.1:1",
    "127.0.0.1:-1",
    "127.0.0.1:abc",
  ],
  ...[
    "127.0.0.1:1.5",
    "127.0.0.1:1 ",
    " 127.0.0.1:1",
    "unix:/tmp/odd",
    "unix:/tmp/odd:80",
    "[::1]:1",
    "::1",
    "[::1",
    "[]:1",
    "[",
    "]",
  ],
  ...[
    "localhost:1",
    "no-such-host.invalid:80",
    "127.0.0.1:80:80",
    "http://127.0.0.1:1",
    "127.0.0.1:1/path",
    "0.0.0.0:1",
  ],
  ...[
    "255.255.255.255:1",
    "256.1.1.1:1",
    "127.1:1",
    "0x7f.1:1",
    "[::ffff:127.0.0.1]:1",
    "[fe80::1%25lo]:1",
    ".:1",
    "-:1",
    "a..b:1",
  ],
  ...[`${"a".repeat(64)}:1`, `${"a.".repeat(126)}:1`],
];

const TIMES = [
  ...["NULL", "'2099-01-01 00:00:00'", "'0000-00-00 00:00:00'", "'1970-01-01 00:00:01'", "'9999-12-31 23:59:59'"],
  ...["NOW(6)", "NOW(6) - INTERVAL 10 MINUTE", "NOW(6) + INTERVAL 1 DAY"],
];
const STATUSES = ["online", "online", "recovering", "draining", "offline", "suspect", "ONLINE", "online ", "unknown"];
const NUMBERS = ["NULL", "0", "1", "2", "-1", "65535", "-2147483648", "2147483647", "4294967295"];
const WHOLE = [...NUMBERS, "9007199254740993", "-9223372036854775808", "9223372036854775807"];
const EPOCHS = ["0", "1", "4294967296", "9007199254740993", "18446744073709551615"];
const JSONS = [
  "",
  "{",
  "[",
  "null",
  "1",
  '"text"',
  "[]",
  "{}",
  '{"a":{"b":[1,2,{"c":null}]}}',
  "{'a':1}",
  ...["[".repeat(2000), `${"[".repeat(990)}${"]".repeat(990)}`, '{"a":1e999}', "NaN", '{"1":1,"1000000":2}'],
  MARKUP,
];

/** An SQL literal. @param {string} text */
const quoted = (text) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;

const text = fc
  .oneof(
    { weight: 4, arbitrary: fc.constantFrom(...TEXTS) },
    { weight: 1, arbitrary: fc.string({ unit: "grapheme", maxLength: 40 }).map((value) => value.replaceAll("\0", "")) },
  )
  .map(quoted);
const textOrNull = fc.oneof({ weight: 5, arbitrary: text }, { weight: 1, arbitrary: fc.constant("NULL") });
const host = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...HOSTS).map(quoted) },
  { weight: 1, arbitrary: textOrNull },
);
const time = fc.constantFrom(...TIMES);
const number = fc.constantFrom(...NUMBERS);
const whole = fc.constantFrom(...WHOLE);
const status = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...STATUSES).map(quoted) },
  { weight: 1, arbitrary: textOrNull },
);
const json = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...JSONS).map(quoted) },
  { weight: 1, arbitrary: textOrNull },
);
const epoch = fc.constantFrom(...EPOCHS);
/** A node that there is, or one that there is not. */
const nodeId = fc.oneof(
  fc.constantFrom("'node1'", "'node2'", "'node3'", "NULL"),
  text.map((one) => `LEFT(${one}, 50)`),
);
const shortText = text.map((one) => `LEFT(${one}, 40)`);

/** @typedef {fc.Arbitrary<string>} Statement */

/** @param {string} table @param {Record<string, fc.Arbitrary<string>>} columns @returns {Statement} */
const insert = (table, columns) =>
  fc
    .record(columns)
    .map(
      (row) => `INSERT IGNORE INTO ${table} (${Object.keys(row).join(", ")}) VALUES (${Object.values(row).join(", ")})`,
    );

/** One column of some rows becomes odd. @param {string} table @param {Record<string, fc.Arbitrary<string>>} columns @param {fc.Arbitrary<string>} where @returns {Statement} */
const update = (table, columns, where) =>
  fc
    .tuple(fc.constantFrom(...Object.keys(columns)), where)
    .chain(([column, which]) =>
      /** @type {fc.Arbitrary<string>} */ (columns[column]).map(
        (value) => `UPDATE IGNORE ${table} SET ${column} = ${value} WHERE ${which}`,
      ),
    );

const NODE = {
  ...{
    node_name: textOrNull,
    host,
    status,
    is_primary: number,
    region: textOrNull,
    weight: whole,
    version: textOrNull,
  },
  ...{ last_seen: time, last_error: textOrNull, status_since: time, drained_at: time },
};
const MONITOR = {
  ...{
    node_id: nodeId,
    assigned_node: nodeId,
    active: number,
    "`interval`": whole,
    retry_interval: whole,
    name: textOrNull,
  },
  ...{ push_token: textOrNull, type: fc.constantFrom("NULL", "'http'", "'push'", "'odd'") },
};
const someMonitors = fc.nat({ max: 4 }).map((rest) => `id % 5 = ${rest}`);

const statement = fc.oneof(
  { weight: 6, arbitrary: insert("node", { node_id: text, ...NODE }) },
  { weight: 4, arbitrary: update("node", NODE, fc.constant("node_id = 'node3'")) },
  { weight: 3, arbitrary: update("monitor", MONITOR, someMonitors) },
  { weight: 2, arbitrary: insert("monitor", MONITOR) },
  {
    weight: 2,
    arbitrary: insert("cluster_event", {
      at: time,
      type: shortText,
      node_id: nodeId,
      monitor_id: number,
      epoch,
      actor: shortText,
      detail: json,
    }),
  },
  {
    weight: 2,
    arbitrary: update(
      "cluster_lease",
      { holder: shortText, session: shortText, epoch, renewed_at: time },
      fc.constant("name = 'leader'"),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "DELETE FROM cluster_lease",
      "DELETE FROM cluster_event",
      "DELETE FROM node WHERE node_id = 'node3'",
    ),
  },
  {
    weight: 1,
    arbitrary: insert("cluster_operation", {
      ...{
        type: fc.constantFrom("'failover'", "'recovery'", "'drain'", "'rebalance'", "'odd'"),
        node_id: nodeId,
        epoch,
        actor: shortText,
      },
      ...{
        status: fc.constantFrom("'requested'", "'running'", "'done'", "'odd'"),
        reason: text,
        planned: number,
        moved: number,
        gap_ms: whole,
      },
      ...{ requested_at: time, started_at: time, finished_at: time },
    }),
  },
  {
    weight: 1,
    arbitrary: insert("cluster_move", {
      ...{
        operation: fc.constantFrom("0", "1", "99"),
        monitor_id: number,
        from_node: nodeId,
        to_node: nodeId,
        epoch,
        seconds: number,
      },
      ...{
        state: fc.constantFrom("'waiting'", "'beating'", "'odd'"),
        moved_at: time,
        beat_id: whole,
        last_beat: time,
        first_beat: time,
      },
    }),
  },
  {
    weight: 1,
    arbitrary: insert("probe_check", {
      ...{
        name: text,
        kind: fc.constantFrom("'http'", "'tcp'", "'dns'", "'odd'", "''"),
        target: json,
        seconds: number,
        timeout_ms: number,
      },
      ...{
        regions: json,
        strategy: fc.constantFrom("NULL", "'any-down'", "'odd'"),
        quorum: number,
        active: number,
        monitor_id: number,
      },
      ...{ verdict: fc.constantFrom("'up'", "'down'", "'odd'"), verdict_since: time, verdict_message: text },
    }),
  },
  {
    weight: 1,
    arbitrary: insert("probe", {
      probe_id: shortText,
      name: shortText,
      region: shortText,
      version: shortText,
      session: shortText,
      last_seq: whole,
      last_seen: time,
    }),
  },
);

/**
 * Statements that spoil what is in the tables of the cluster, but not the rows of node1 and node2.
 * @param {number} count @param {number} seed
 */
export function oddStatements(count, seed) {
  return fc.sample(statement, { numRuns: count, seed });
}
