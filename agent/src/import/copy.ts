/* Copies the rows of a table in batches. */
import * as log from "../log";
import type { TablePlan } from "./plan";
import { Refusal } from "./refusal";
import { sqliteName, type Sqlite, type SqliteRow } from "./sqlite";
import { mariadbName, type Target } from "./target";
import { convert, Misfit, type Value } from "./values";

const BATCH_ROWS = 1000;
const BATCH_BYTES = 1 << 20;
const PROGRESS_ROWS = 50000;

/** What was copied of a table. */
export interface Copied {
    readonly name: string;
    readonly rows: number;
    /** Rows that are left out since what they belong to is gone. */
    readonly orphans: number;
}

function convertRow(plan: TablePlan, row: SqliteRow): Value[] {
    return plan.columns.map((column, index) => {
        try {
            return convert(row[`c${index}`], column, plan.mayCut);
        } catch (thrown) {
            if (!(thrown instanceof Misfit)) throw thrown;
            const place = `${plan.name}.${column.name} of the row ${String(row["copied_rowid"])}`;
            throw new Refusal(
                `${place} does not fit: ${thrown.message}. Change it in that Uptime Kuma, then import again`,
            );
        }
    });
}

function sizeOf(values: readonly Value[]): number {
    return values.reduce<number>(
        (sum, value) => sum + (value === null || typeof value === "number" ? 8 : value.length),
        0,
    );
}

/** Rows in groups that one statement takes. */
function* groupsOf(rows: readonly Value[][]): Generator<Value[][]> {
    let group: Value[][] = [];
    let bytes = 0;
    for (const row of rows) {
        group.push(row);
        bytes += sizeOf(row);
        if (bytes < BATCH_BYTES) continue;
        yield group;
        group = [];
        bytes = 0;
    }
    if (group.length > 0) yield group;
}

async function insert(target: Target, plan: TablePlan, rows: readonly Value[][]): Promise<void> {
    const names = plan.columns.map((column) => mariadbName(column.name)).join(", ");
    try {
        for (const group of groupsOf(rows)) {
            await target.rows(`INSERT INTO ${mariadbName(plan.name)} (${names}) VALUES ?`, [group]);
        }
    } catch (thrown) {
        const { code } = Object(thrown) as { code?: unknown };
        const hint = code === "ER_DUP_ENTRY" ? " (MariaDB takes capital and small letters for the same here)" : "";
        throw new Refusal(`MariaDB refuses a row of ${plan.name}: ${log.messageOf(thrown)}${hint}`);
    }
}

/** Copies a table. Throws a refusal when a row has no place in the target. */
export async function copyTable(source: Sqlite, target: Target, plan: TablePlan): Promise<Copied> {
    let [last, rows, told] = [Number.MIN_SAFE_INTEGER, 0, 0];
    for (;;) {
        const batch = await source.all(plan.select, [last, BATCH_ROWS]);
        if (batch.length === 0) break;
        await insert(
            target,
            plan,
            batch.map((row) => convertRow(plan, row)),
        );
        last = Number(batch.at(-1)?.["copied_rowid"]);
        rows += batch.length;
        if (rows - told >= PROGRESS_ROWS) log.info("%s: %d rows so far", plan.name, rows);
        if (rows - told >= PROGRESS_ROWS) told = rows;
    }
    const [orphans] = await source.all(plan.countOrphans);
    return { name: plan.name, rows, orphans: Number(orphans?.["count"]) };
}

/** Compares what is in both now. Throws when they differ, which would be a fault of the import. */
export async function verifyTable(source: Sqlite, target: Target, plan: TablePlan, copied: Copied): Promise<void> {
    const [there] = await source.all(`SELECT COUNT(*) AS count FROM ${sqliteName(plan.name)}`);
    const here = await target.number(`SELECT COUNT(*) FROM ${mariadbName(plan.name)}`);
    if (here !== copied.rows || here + copied.orphans !== Number(there?.["count"])) {
        throw new Error(
            `${plan.name} has ${here} rows, the file ${String(there?.["count"])} (${copied.orphans} left out)`,
        );
    }
    for (const { column, parent, parentColumn } of plan.references) {
        const [own, other] = [mariadbName(column), mariadbName(parentColumn)];
        const orphans = await target.number(
            `SELECT COUNT(*) FROM ${mariadbName(plan.name)} t LEFT JOIN ${mariadbName(parent)} p ON p.${other} = t.${own}
             WHERE t.${own} IS NOT NULL AND p.${other} IS NULL`,
        );
        if (orphans > 0) throw new Error(`${orphans} rows of ${plan.name} have a ${column} that is not there`);
    }
}
