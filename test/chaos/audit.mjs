// The history of a cluster, written by triggers in its database: what happened, whatever the engine says of it.
// Everybody who writes has a database user of their own, so that each row is known to be a node's or a load balancer's.

/**
 * @typedef {object} Move a monitor got another owner
 * @property {number} at seconds since 1970, by the database's clock
 * @property {number} monitor_id
 * @property {string | null} from_node
 * @property {string | null} to_node
 * @property {string | null} home
 * @property {string} writer the database user that wrote it
 * @property {string | null} leader who held the leader's lease at that moment
 * @property {number | null} epoch of that lease
 *
 * @typedef {{at: number, node_id: string, status: string, writer: string, leader: string | null}} StatusChange
 * @typedef {{at: number, holder: string, epoch: number}} LeaseChange a new holder, or none (""), or a new epoch
 *
 * @typedef {object} Beat
 * @property {number} at when it was stored
 * @property {number} time when it was made, as Uptime Kuma says; in some versions in whole seconds
 * @property {number} monitor_id
 * @property {number} status
 * @property {string} writer
 * @property {string | null} owner of the monitor at the moment when the beat was stored
 *
 * @typedef {object} History from `from` to `to`, seconds since 1970 by the database's clock; lists are in order
 * @property {number} from
 * @property {number} to
 * @property {Map<number, string>} owners at `from`
 * @property {Map<string, string>} statuses at `from`
 * @property {Map<number, Pick<Beat, "at" | "time">>} lastBeats the last beat before `from` by monitor
 * @property {Move[]} moves
 * @property {StatusChange[]} statusChanges
 * @property {LeaseChange[]} leaseChanges
 * @property {Beat[]} beats
 *
 * @typedef {(text: string) => Promise<any[]>} Sql
 */

// SYSDATE is the time of the row, NOW that of the beginning of the statement, which may have waited.
const AT = "UNIX_TIMESTAMP(SYSDATE(6))";
const WRITER = "SUBSTRING_INDEX(USER(), '@', 1)";
const LEASE = "(SELECT 1) one LEFT JOIN cluster_lease l ON l.name = 'leader'";
const FORM = "ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin";
const NAME = "VARCHAR(100) NULL";
const ROW = "id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, at DOUBLE NOT NULL";

const seconds = (/** @type {string} */ time) => `TIMESTAMPDIFF(MICROSECOND, '1970-01-01', ${time}) / 1000000`;
const owner = (/** @type {string} */ row) => `COALESCE(${row}.assigned_node, ${row}.node_id)`;

// An INSERT ... SELECT reads with a lock: it sees the lease and the owner as they are, not as of a snapshot.
const STATEMENTS = [
  `CREATE TABLE chaos_move (${ROW}, monitor_id INT UNSIGNED NOT NULL, from_node ${NAME}, to_node ${NAME}, home ${NAME},
     writer ${NAME}, leader ${NAME}, epoch BIGINT NULL) ${FORM}`,
  `CREATE TABLE chaos_status (${ROW}, node_id ${NAME}, status ${NAME}, writer ${NAME}, leader ${NAME}) ${FORM}`,
  `CREATE TABLE chaos_lease (${ROW}, holder ${NAME}, epoch BIGINT NOT NULL) ${FORM}`,
  `CREATE TABLE chaos_beat (${ROW}, time DOUBLE NOT NULL, monitor_id INT UNSIGNED NOT NULL, status INT NOT NULL,
     writer ${NAME}, owner ${NAME}, KEY monitor_id (monitor_id, id)) ${FORM}`,
  `CREATE TRIGGER chaos_move AFTER UPDATE ON monitor FOR EACH ROW
   IF NOT (${owner("OLD")} <=> ${owner("NEW")}) THEN
     INSERT INTO chaos_move (at, monitor_id, from_node, to_node, home, writer, leader, epoch)
     SELECT ${AT}, NEW.id, ${owner("OLD")}, ${owner("NEW")}, NEW.node_id, ${WRITER}, l.holder, l.epoch FROM ${LEASE};
   END IF`,
  `CREATE TRIGGER chaos_status AFTER UPDATE ON node FOR EACH ROW
   IF OLD.status <> NEW.status THEN
     INSERT INTO chaos_status (at, node_id, status, writer, leader)
     SELECT ${AT}, NEW.node_id, NEW.status, ${WRITER}, l.holder FROM ${LEASE};
   END IF`,
  `CREATE TRIGGER chaos_node AFTER INSERT ON node FOR EACH ROW
     INSERT INTO chaos_status (at, node_id, status, writer, leader)
     SELECT ${AT}, NEW.node_id, NEW.status, ${WRITER}, l.holder FROM ${LEASE}`,
  `CREATE TRIGGER chaos_lease AFTER UPDATE ON cluster_lease FOR EACH ROW
   IF NEW.name = 'leader' AND (OLD.epoch <> NEW.epoch OR OLD.holder <> NEW.holder OR OLD.session <> NEW.session) THEN
     INSERT INTO chaos_lease (at, holder, epoch) VALUES (${AT}, IF(NEW.session = '', '', NEW.holder), NEW.epoch);
   END IF`,
  `CREATE TRIGGER chaos_beat AFTER INSERT ON heartbeat FOR EACH ROW
     INSERT INTO chaos_beat (at, time, monitor_id, status, writer, owner)
     SELECT ${AT}, ${seconds("NEW.time")}, NEW.monitor_id, NEW.status, ${WRITER}, ${owner("m")}
     FROM monitor m WHERE m.id = NEW.monitor_id`,
  // The last beat of each monitor before the first scenario.
  `INSERT INTO chaos_beat (at, time, monitor_id, status)
     SELECT ${seconds("h.time")}, ${seconds("h.time")}, h.monitor_id, h.status FROM heartbeat h`,
];

/** Begins to write the history. @param {Sql} sql of a user who may create triggers */
export async function installAudit(sql) {
  for (const statement of STATEMENTS) await sql(statement);
}

/**
 * Marks the present as the beginning of a history.
 * @param {Sql} sql
 * @returns {Promise<{from: number, read: () => Promise<History>}>} `read` returns what has happened since
 */
export async function beginHistory(sql) {
  const marks = new Map();
  for (const table of ["chaos_move", "chaos_status", "chaos_lease", "chaos_beat"]) {
    marks.set(table, Number((await sql(`SELECT COALESCE(MAX(id), 0) AS id FROM ${table}`))[0].id));
  }
  const since = (/** @type {string} */ table) =>
    sql(`SELECT * FROM ${table} WHERE id > ${marks.get(table)} ORDER BY id`);
  const from = await databaseTime(sql);
  const owners = await pairs(sql, "SELECT id AS name, owner_node AS value FROM monitor WHERE active = 1");
  const statuses = await pairs(sql, "SELECT node_id AS name, status AS value FROM node");
  const last = await sql(`SELECT monitor_id, MAX(at) AS at, MAX(time) AS time FROM chaos_beat
    WHERE id <= ${marks.get("chaos_beat")} GROUP BY monitor_id`);
  const lastBeats = new Map(last.map(({ monitor_id, at, time }) => [monitor_id, { at, time }]));
  const read = async () => ({
    ...{ from, to: await databaseTime(sql), owners, statuses, lastBeats },
    moves: await since("chaos_move"),
    statusChanges: await since("chaos_status"),
    leaseChanges: await since("chaos_lease"),
    beats: await since("chaos_beat"),
  });
  return { from, read };
}

/** The database's clock, seconds since 1970. @param {Sql} sql @returns {Promise<number>} */
export async function databaseTime(sql) {
  return Number((await sql(`SELECT CAST(${AT} AS DOUBLE) AS at`))[0].at);
}

/** @param {Sql} sql @param {string} text @returns {Promise<Map<any, any>>} */
async function pairs(sql, text) {
  return new Map((await sql(text)).map(({ name, value }) => [name, value]));
}
