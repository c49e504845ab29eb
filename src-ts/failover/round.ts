/* What one round of the control plane knows and does: the nodes as read, the lease, and the operations that are open. */
import * as config from "../config";
import * as states from "../lib/states";
import * as logger from "../logger";
import type { Target } from "../placement/plan";
import * as events from "../store/events";
import type { Lease } from "../store/lease";
import type { NodeState } from "../store/nodes";
import * as operations from "../store/operations";
import type { Operation, OperationType } from "../store/operations";

export interface Round {
    readonly nodes: readonly NodeState[];
    readonly lease: Lease;
    /** Requested and running operations, oldest first. */
    readonly open: Operation[];
    /** Ids of the operations that had something to do in this round. */
    readonly busy: Record<number, boolean | undefined>;
}

/** Starts the round's book: reads the open operations. */
export function begin(nodes: readonly NodeState[], lease: Lease): Result<Round> {
    const [open, err] = operations.open();
    if (open === undefined) {
        return $multi(undefined, err);
    }
    return $multi({ nodes, lease, open, busy: {} });
}

/** Nodes that can take monitors, but for `except`. */
export function targets(nodes: readonly NodeState[], except?: string): Target[] {
    const found: Target[] = [];
    for (const node of nodes) {
        if (node.status === states.ONLINE && node.node_id !== except) {
            table.insert(found, { node_id: node.node_id, load: node.load, count: node.monitor_count });
        }
    }
    return found;
}

/** The newest running operation of this type for the node, or nil. */
export function running(round: Round, type: OperationType, node_id: string | undefined): Operation | undefined {
    let newest: Operation | undefined;
    for (const operation of round.open) {
        if (operation.type === type && operation.node_id === node_id && operation.status === "running") {
            newest = operation;
        }
    }
    return newest;
}

/** Begins an operation, also beside a running one of its kind. */
export function open(
    round: Round,
    type: OperationType,
    node_id: string | undefined,
    reason: string,
    planned: number,
): Result<Operation> {
    const [id, err] = operations.begin(type, node_id, reason, planned, config.node.id, round.lease);
    if (id === undefined) {
        return $multi(undefined, err);
    }
    const operation: Operation = {
        id,
        type,
        status: "running",
        epoch: round.lease.epoch,
        actor: config.node.id,
        reason,
        planned,
        moved: 0,
        waiting: 0,
        holding: 0,
        late: 0,
        requested_at: "",
    };
    if (node_id !== undefined) {
        operation.node_id = node_id;
    }
    table.insert(round.open, operation);
    round.busy[id] = true;
    return $multi(operation);
}

/** The running operation of this type for the node; a new one that plans so many moves when there is none. */
export function join(
    round: Round,
    type: OperationType,
    node_id: string | undefined,
    reason: string,
    planned: number,
): Result<Operation> {
    const present = running(round, type, node_id);
    if (present !== undefined) {
        round.busy[present.id] = true;
        return $multi(present);
    }
    return open(round, type, node_id, reason, planned);
}

/** Writes an event; one that cannot be written is logged and nothing more. */
export function tell(round: Round, type: string, node_id: string, detail: Record<string, unknown>): void {
    const [, err] = events.append(type, node_id, round.lease.epoch, config.node.id, detail);
    if (err !== undefined) {
        logger.warn("HEALTH_CHECK", "%s", err);
    }
}

/** Takes a step at one node after the other, up to the first that fails; returns how many monitors moved in all. */
export function at_each_node(round: Round, step: (this: void, node: NodeState) => Result<number>): Result<number> {
    let moved = 0;
    for (const node of round.nodes) {
        const [count, err] = step(node);
        if (count === undefined) {
            return $multi(undefined, err);
        }
        moved += count;
    }
    return $multi(moved);
}
