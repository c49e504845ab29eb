/* Which columns of which tables are copied, and what the statements are: pure. */
import { CLUSTER_DDL, PROBE_DDL } from "../ddl";
import { sqliteName } from "./sqlite";
import type { Reference, TargetTable } from "./target";
import type { TargetColumn } from "./values";

/** What grows with each check. */
const HISTORY = /^(heartbeat|stat_(minutely|hourly|daily))$/;
const OWN_TABLES = new Set(
    [...CLUSTER_DDL, ...PROBE_DDL].map((sql) => /^CREATE TABLE IF NOT EXISTS (\w+)/.exec(sql)?.[1] ?? ""),
);

export interface TablePlan {
    readonly name: string;
    /** Of the target, in the order in which values are read. */
    readonly columns: readonly TargetColumn[];
    /** Gives the next rows after a rowid: `copied_rowid`, then a value for each column. */
    readonly select: string;
    /** Counts the rows that are not copied since what they belong to is gone. */
    readonly countOrphans: string;
    /** Messages of checks, which may be shortened. */
    readonly mayCut: boolean;
    readonly references: readonly Reference[];
}

export interface Plan {
    readonly tables: readonly TablePlan[];
    /** Emptied and not filled. */
    readonly emptied: readonly string[];
    /** Of the source, with nothing to hold them in the target: sentences. */
    readonly leftOut: readonly string[];
}

type Tables = ReadonlyMap<string, ReadonlyMap<string, string>>;

function parentExists(reference: Reference, column: string, source: Tables): string | undefined {
    const parentColumn = source.get(reference.parent.toLowerCase())?.get(reference.parentColumn.toLowerCase());
    if (parentColumn === undefined) return undefined;
    const parent = sqliteName(reference.parent);
    return `EXISTS (SELECT 1 FROM ${parent} p WHERE p.${sqliteName(parentColumn)} = t.${sqliteName(column)})`;
}

/** A row without its parent goes with it, or loses the name of it: as the database does it when a parent is deleted. */
function tablePlan(table: TargetTable, columns: ReadonlyMap<string, string>, source: Tables): TablePlan {
    const shared = table.columns.filter((column) => columns.has(column.name.toLowerCase()));
    const conditions: string[] = [];
    const expressions = shared.map((column) => {
        const own = columns.get(column.name.toLowerCase()) ?? column.name;
        let expression = `t.${sqliteName(own)}`;
        for (const reference of table.references.filter((candidate) => candidate.column === column.name)) {
            const exists = parentExists(reference, own, source);
            if (exists === undefined) continue;
            if (!column.nullable || reference.rule === "CASCADE")
                conditions.push(`(t.${sqliteName(own)} IS NULL OR ${exists})`);
            else expression = `CASE WHEN ${exists} THEN ${expression} END`;
        }
        return expression;
    });
    const from = `FROM ${sqliteName(table.name)} t`;
    const kept = conditions.length === 0 ? "1" : conditions.join(" AND ");
    const values = expressions.map((expression, index) => `${expression} AS c${index}`);
    return {
        name: table.name,
        columns: shared,
        select: `SELECT t.rowid AS copied_rowid, ${values.join(", ")} ${from} WHERE t.rowid > ? AND ${kept} ORDER BY t.rowid LIMIT ?`,
        countOrphans: `SELECT COUNT(*) AS count ${from} WHERE NOT (${kept})`,
        mayCut: HISTORY.test(table.name),
        references: table.references,
    };
}

function leftOut(source: Tables, targets: readonly TargetTable[]): string[] {
    const known = new Map(targets.map((table) => [table.name.toLowerCase(), table]));
    const lines: string[] = [];
    for (const [name, columns] of source) {
        if (name.startsWith("knex_migrations")) continue;
        const target = known.get(name);
        if (target === undefined) {
            lines.push(`table ${name}`);
            continue;
        }
        const names = new Set(target.columns.map((column) => column.name.toLowerCase()));
        lines.push(
            ...[...columns.keys()].filter((column) => !names.has(column)).map((column) => `column ${name}.${column}`),
        );
    }
    return lines;
}

/** What to copy from a source with these tables into a target with those. */
export function makePlan(source: Tables, targets: readonly TargetTable[], withHistory: boolean): Plan {
    const kumas = targets.filter(({ name }) => !OWN_TABLES.has(name) && !name.startsWith("knex_migrations"));
    const wanted = kumas.filter(({ name }) => source.has(name.toLowerCase()) && (withHistory || !HISTORY.test(name)));
    const tables = wanted.map((table) => tablePlan(table, source.get(table.name.toLowerCase()) ?? new Map(), source));
    const filled = new Set(tables.map(({ name }) => name));
    return {
        tables,
        emptied: kumas.map(({ name }) => name).filter((name) => !filled.has(name)),
        leftOut: leftOut(source, kumas),
    };
}
