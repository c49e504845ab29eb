/* The probes: the rows of the table probe. */
import * as db from "../db";
import { number, text } from "./column";
import type { Column } from "./column";

export interface ProbeRow {
    readonly probe_id: string;
    readonly name: string;
    readonly region: string;
    readonly version: string;
    readonly session: string;
    readonly last_seq: number;
    readonly registered_at: string;
    readonly last_seen: string;
    /** Seconds since then. */
    readonly seen_age: number;
}

/** Days after which a probe that is silent is forgotten. */
const FORGET_DAYS = 7;

function to_probe(row: Record<string, Column>): ProbeRow {
    return {
        probe_id: text(row.probe_id) ?? "",
        name: text(row.name) ?? "",
        region: text(row.region) ?? "",
        version: text(row.version) ?? "",
        session: text(row.session) ?? "",
        last_seq: number(row.last_seq) ?? 0,
        registered_at: text(row.registered_at) ?? "",
        last_seen: text(row.last_seen) ?? "",
        seen_age: number(row.seen_age) ?? 0,
    };
}

function select(where: string): Result<ProbeRow[]> {
    const [rows, err] = db.query<Record<string, Column>[]>(
        "SELECT p.*, TIMESTAMPDIFF(MICROSECOND, p.last_seen, NOW(6)) / 1000000 AS seen_age FROM probe p" +
            ` WHERE ${where} ORDER BY p.region, p.probe_id`,
    );
    if (rows === undefined) {
        return $multi(undefined, "cannot read probes: " + err);
    }
    const probes: ProbeRow[] = [];
    for (const row of rows) {
        table.insert(probes, to_probe(row));
    }
    return $multi(probes);
}

/** All probes, by region. */
export function list(): Result<ProbeRow[]> {
    return select("TRUE");
}

/** One probe; nil without an error when it is unknown. */
export function find(probe_id: string): LuaMultiReturn<[probe: ProbeRow | undefined, err?: string | undefined]> {
    const [probes, err] = select(db.format("p.probe_id = ?", probe_id));
    if (probes === undefined) {
        return $multi(undefined, err);
    }
    return $multi(probes[0]);
}

/** Notes a probe that begins; the numbers of its results begin anew. */
export function register(
    probe_id: string,
    name: string,
    region: string,
    version: string,
    session: string,
): Result<true> {
    const [done, err] = db.query(
        db.format(
            "INSERT INTO probe (probe_id, name, region, version, session) VALUES (?, ?, ?, ?, ?)" +
                " ON DUPLICATE KEY UPDATE name = VALUES(name), region = VALUES(region), version = VALUES(version)," +
                " session = VALUES(session), last_seq = 0, registered_at = NOW(6), last_seen = NOW(6)",
            probe_id,
            name,
            region,
            version,
            session,
        ),
    );
    if (done === undefined) {
        return $multi(undefined, "cannot register a probe: " + err);
    }
    return $multi(true);
}

/** Notes that a probe was here. */
export function touch(probe_id: string): Result<true> {
    const [done, err] = db.query(db.format("UPDATE probe SET last_seen = NOW(6) WHERE probe_id = ?", probe_id));
    if (done === undefined) {
        return $multi(undefined, "cannot note a probe: " + err);
    }
    return $multi(true);
}

/** Drops probes that are gone for good. */
export function prune(): Result<true> {
    const [done, err] = db.query(`DELETE FROM probe WHERE last_seen < NOW(6) - INTERVAL ${FORGET_DAYS} DAY`);
    if (done === undefined) {
        return $multi(undefined, "cannot prune probes: " + err);
    }
    return $multi(true);
}
