/** What the cluster knows of a monitor. */
export interface MonitorRow {
    readonly id: number;
    readonly active: boolean;
    /** The node that runs it, null while it has none. */
    readonly owner: string | null;
    /** When the row last changed, by the database. */
    readonly mtime: string;
}

/** A monitor that this node has to run and does not. */
export interface Start {
    readonly id: number;
    /** The node that ran it until now, undefined when it was this one, none, or is not known. */
    readonly from: string | undefined;
    /** When its row changed, by the database. */
    readonly mtime: string;
    /** When it had last changed as this node knew it before, empty when it did not know it: it may have moved often since. */
    readonly knownAt: string;
    /** It was paused until now, so its first check is due at once. */
    readonly resumed: boolean;
    /** Nobody ran it until now as far as this node knows: it is new here, was paused, or had no node. */
    readonly begins: boolean;
}

/** A monitor that this node runs and has to stop, and why. */
export interface Stop {
    readonly id: number;
    readonly reason: string;
    /** Another node takes it over. */
    readonly moved: boolean;
}

export interface Plan {
    readonly start: readonly Start[];
    readonly stop: readonly Stop[];
    /** Monitors that go on here, but whose row changed or is seen for the first time: their settings may be others. */
    readonly check: readonly number[];
}

/** How the rows looked before a change. */
export type Known = ReadonlyMap<number, MonitorRow>;

function stopReason(row: MonitorRow | undefined): string {
    if (row === undefined) return "it was deleted";
    if (!row.active) return "it was paused";
    return row.owner === null ? "it belongs to no node" : `${row.owner} runs it now`;
}

/** The node other than this one that runs a monitor by its row; nothing when none does. */
export function runnerElsewhere(row: MonitorRow | undefined, nodeId: string): string | undefined {
    return row?.active === true && row.owner !== null && row.owner !== nodeId ? row.owner : undefined;
}

function startOf(row: MonitorRow, before: MonitorRow | undefined, nodeId: string): Start {
    return {
        id: row.id,
        from: runnerElsewhere(before, nodeId),
        mtime: row.mtime,
        knownAt: before?.mtime ?? "",
        resumed: before !== undefined && !before.active,
        begins: before === undefined || before.owner === null || !before.active,
    };
}

/**
 * What this node has to start and stop so that it runs exactly the active monitors it owns.
 * `rows` is every monitor as it is now, `before` as it was at the last look, `running` the ids that run here.
 */
export function planAssignment(rows: Known, before: Known, running: ReadonlySet<number>, nodeId: string): Plan {
    const start: Start[] = [];
    const check: number[] = [];
    for (const row of rows.values()) {
        if (!row.active || row.owner !== nodeId) continue;
        const known = before.get(row.id);
        if (!running.has(row.id)) start.push(startOf(row, known, nodeId));
        else if (known?.mtime !== row.mtime) check.push(row.id);
    }
    const stop = [...running].flatMap((id): Stop[] => {
        const row = rows.get(id);
        if (row?.active === true && row.owner === nodeId) return [];
        return [{ id, reason: stopReason(row), moved: row?.active === true && row.owner !== null }];
    });
    return { start, stop, check };
}

/** The node that gets a new monitor: the one with the fewest active monitors, by its id when several have as few. */
export function leastLoaded(nodes: readonly string[], counts: ReadonlyMap<string, number>): string | undefined {
    const byLoad = (a: string, b: string): number => (counts.get(a) ?? 0) - (counts.get(b) ?? 0);
    // The second sort keeps the order of the first among equals.
    return [...nodes].sort().sort(byLoad)[0];
}
