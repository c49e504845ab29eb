// What processes, a database and a connection have used so far, and what that comes to in a second.
import { readFileSync, readdirSync } from "node:fs";
import { connect, createServer } from "node:net";

/** Counters of the server that tell how much it has to do. */
const STATUS = ["Questions", "Com_select", "Com_commit", "Innodb_data_fsyncs", "Innodb_os_log_written"];

/** The process and those that it has started. @param {number} pid */
const familyOf = (pid) => [
  pid,
  ...readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number),
];

/** Seconds that the threads of a process have run on a processor, user and system. @param {number} pid */
function cpuTime(pid) {
  const threads = readdirSync(`/proc/${pid}/task`);
  const nanoseconds = (/** @type {string} */ thread) =>
    Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]);
  return threads.reduce((sum, thread) => sum + nanoseconds(thread), 0) / 1e9;
}

/** Seconds that a process and its children have run on a processor. @param {number} pid */
export const cpuOf = (pid) => familyOf(pid).reduce((sum, member) => sum + cpuTime(member), 0);

/**
 * What a process has of memory by now, in mebibytes, by the name of a field in smaps_rollup: "Pss", "Private_Dirty" ...
 * @param {number} pid @returns {(field: string) => number} NaN for a field that the kernel does not know
 * @throws when there is no such process
 */
export function memoryFields(pid) {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  return (field) => Number(new RegExp(`^${field}: +(\\d+)`, "m").exec(text)?.[1]) / 1024;
}

/**
 * Megabytes that a process and its children hold. `pss`: what they share is counted once; `own`: as `pss`, without
 * programs and libraries, of which a process has more or less as others that use them come and go.
 * @param {number} pid
 */
export function memoryOf(pid) {
  const sum = { rss: 0, pss: 0, own: 0 };
  for (const member of familyOf(pid)) {
    const megabytes = memoryFields(member);
    sum.rss += megabytes("Rss");
    sum.pss += megabytes("Pss");
    sum.own += megabytes("Pss_Anon") + megabytes("Pss_Shmem");
  }
  return sum;
}

/**
 * A connection to the port on which all that goes by is counted.
 * @param {number} port
 */
export async function startCountingProxy(port) {
  /** @type {Record<string, number>} */
  const counts = { bytes_up: 0, bytes_down: 0 };
  const add = (/** @type {string} */ name, by = 1) => (counts[name] = (counts[name] ?? 0) + by);
  const server = createServer((client) => {
    const upstream = connect(port, "127.0.0.1");
    client.on("data", (part) => {
      add("bytes_up", part.length);
      const [, request] = /^([A-Z]+ [^ ?]+)[^ ]* HTTP\/1/.exec(part.toString("latin1", 0, 200)) ?? [];
      if (request !== undefined) add(request);
    });
    upstream.on("data", (part) => add("bytes_down", part.length));
    for (const socket of [client, upstream]) socket.on("error", () => undefined);
    client.pipe(upstream).pipe(client);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  return { url: `http://127.0.0.1:${address.port}`, counts: () => ({ ...counts }), close: () => server.close() };
}

/**
 * @param {{sql: (text: string) => Promise<any[]>, pids: Record<string, number>, databasePid: number,
 *   proxy?: {counts: () => Record<string, number>}}} sources `pids`: of the masters of nginx, by name
 */
export async function readCounters({ sql, pids, databasePid, proxy }) {
  const status = await sql(`SHOW GLOBAL STATUS WHERE Variable_name IN ('${STATUS.join("','")}')`);
  const tables = await sql(
    "SELECT TABLE_NAME AS name, ROWS_CHANGED AS rows_changed FROM information_schema.TABLE_STATISTICS WHERE TABLE_SCHEMA = DATABASE()",
  );
  return {
    at: performance.now(),
    cpu: {
      ...Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, cpuOf(pid)])),
      database: cpuTime(databasePid),
    },
    database: Object.fromEntries(status.map((row) => [row.Variable_name.toLowerCase(), Number(row.Value)])),
    rows_changed: Object.fromEntries(tables.map(({ name, rows_changed }) => [name, Number(rows_changed)])),
    network: proxy === undefined ? {} : proxy.counts(),
  };
}

/** @typedef {Awaited<ReturnType<typeof readCounters>>} Counters */

/** @param {Counters} first @param {Counters} last */
export function perSecond(first, last) {
  const seconds = (last.at - first.at) / 1000;
  const rates = (
    /** @type {Record<string, number>} */ before,
    /** @type {Record<string, number>} */ after,
    scale = 1,
  ) =>
    Object.fromEntries(
      Object.entries(after)
        .map(
          ([name, value]) =>
            /** @type {[string, number]} */ ([name, (scale * (value - (before[name] ?? 0))) / seconds]),
        )
        .filter(([, rate]) => rate > 0),
    );
  return {
    cpu_percent: rates(first.cpu, last.cpu, 100),
    database_per_second: rates(first.database, last.database),
    rows_changed_per_second: rates(first.rows_changed, last.rows_changed),
    probes_to_leader_per_second: rates(first.network, last.network),
  };
}

/**
 * The same with three digits after the point.
 * @template T @param {T} value @returns {T}
 */
export function rounded(value) {
  if (typeof value === "number") return /** @type {T} */ (Math.round(value * 1000) / 1000);
  if (typeof value !== "object" || value === null) return value;
  return /** @type {T} */ (Object.fromEntries(Object.entries(value).map(([name, one]) => [name, rounded(one)])));
}
