/* What a dry run comes to for each node. */

export interface NodeChangeOfLoad {
    readonly node: string;
    readonly before: number;
    readonly gets: number;
    readonly gives: number;
    readonly after: number;
}

/** One row for each node that gets or gives monitors, or has any; sorted by id. */
export function loadChanges(
    moves: readonly PlannedMove[],
    loads: readonly { readonly id: string; readonly monitors: number }[],
): NodeChangeOfLoad[] {
    const rows = new Map(loads.map(({ id, monitors }) => [id, { before: monitors, gets: 0, gives: 0 }]));
    const rowOf = (id: string): { before: number; gets: number; gives: number } => {
        const row = rows.get(id) ?? { before: 0, gets: 0, gives: 0 };
        rows.set(id, row);
        return row;
    };
    for (const { from, to } of moves) {
        rowOf(from).gives += 1;
        rowOf(to).gets += 1;
    }
    return [...rows]
        .map(([node, row]) => ({ node, ...row, after: row.before + row.gets - row.gives }))
        .sort((left, right) => left.node.localeCompare(right.node, "en", { numeric: true }));
}
