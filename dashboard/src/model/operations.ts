/* What moves monitors now, with its progress. */

export interface OpenOperation {
    readonly id: number;
    readonly type: string;
    readonly node: string | undefined;
    readonly reason: string;
    readonly isRequested: boolean;
    readonly moved: number;
    /** Nil while nobody has counted them yet. */
    readonly total: number | undefined;
    /** Moved, and not yet seen to beat. */
    readonly waiting: number;
    /** Of those that are moved and beat, from 0 to 1; nil while nothing can be said. */
    readonly progress: number | undefined;
}

/** Open operations, oldest first. */
export function openOperations(status: SystemStatusBody): OpenOperation[] {
    return status.fault_detection.operations.map((operation) => {
        const { id, type, node_id, reason, moved, waiting } = operation;
        const isRequested = operation.status === "requested";
        // A drain or a recovery plans one batch after the other.
        const total = isRequested ? undefined : Math.max(operation.total, moved);
        const settled = Math.max(0, moved - waiting);
        const progress = total === undefined || total === 0 ? undefined : settled / total;
        return { id, type, node: node_id, reason, isRequested, moved, total, waiting, progress };
    });
}
