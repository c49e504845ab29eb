/* Which monitors get another home so that the nodes are even: pure functions. */
import { new_heap, pop, push } from "../lib/heap";
import type { Heap } from "../lib/heap";
import type { Placeable } from "./plan";
import { add, best_rate, new_stock, rate_of, take } from "./stock";
import type { Stock } from "./stock";

/** A monitor and the node that runs it. */
export interface Placed extends Placeable {
    readonly owner: string;
    /** It is at home and not pinned: it may get another home. */
    readonly movable: boolean;
}

/** A monitor that gets another home. */
export interface HomeMove {
    readonly id: number;
    readonly from: string;
    to: string;
}

interface Bin {
    readonly node_id: string;
    readonly order: number;
    readonly stock: Stock;
    /** Sum of the rates of all that it runs. */
    load: number;
    /** Active monitors. */
    count: number;
    /** It has nothing to give that would make the nodes more even. */
    is_spent: boolean;
}

/** A bin as it was when it entered the heap; it counts only while its load is still that. */
interface Entry {
    readonly bin: Bin;
    readonly load: number;
}

function is_heavier(a: Entry, b: Entry): boolean {
    return a.load === b.load ? a.bin.order < b.bin.order : a.load > b.load;
}

function is_lighter(a: Entry, b: Entry): boolean {
    return a.load === b.load ? a.bin.order < b.bin.order : a.load < b.load;
}

/** The nodes with the active monitors that they run. What is paused weighs nothing and stays. */
function fill(node_ids: readonly string[], monitors: readonly Placed[]): Bin[] {
    const bins: Bin[] = [];
    const by_node: Record<string, Bin | undefined> = {};
    for (const node_id of node_ids) {
        const bin = { node_id, order: bins.length, stock: new_stock(), load: 0, count: 0, is_spent: false };
        table.insert(bins, bin);
        by_node[node_id] = bin;
    }
    for (const monitor of monitors) {
        const bin = by_node[monitor.owner];
        if (bin !== undefined && monitor.active) {
            const rate = rate_of(monitor.interval);
            bin.load += rate;
            bin.count += 1;
            if (monitor.movable) {
                add(bin.stock, rate, monitor.id);
            }
        }
    }
    return bins;
}

/** The first bin of a heap that `is_usable`; what is out of date or unusable leaves the heap. */
function first(heap: Heap<Entry>, is_usable: (this: void, bin: Bin) => boolean): Bin | undefined {
    let entry = heap.items[0];
    while (entry !== undefined && (entry.load !== entry.bin.load || !is_usable(entry.bin))) {
        pop(heap);
        entry = heap.items[0];
    }
    return entry?.bin;
}

function can_give(bin: Bin): boolean {
    return !bin.is_spent;
}

/** Notes a move; one that goes on with a monitor moved before leaves one move from its first node to its last. */
function note(moves: HomeMove[], by_id: Record<number, HomeMove | undefined>, move: HomeMove): void {
    const earlier = by_id[move.id];
    if (earlier === undefined) {
        by_id[move.id] = move;
        table.insert(moves, move);
    } else {
        earlier.to = move.to;
    }
}

/** Without those that end where they began. */
export function really_moved(moves: readonly HomeMove[]): HomeMove[] {
    const real: HomeMove[] = [];
    for (const move of moves) {
        if (move.from !== move.to) {
            table.insert(real, move);
        }
    }
    return real;
}

/**
 * Evens out the loads of the nodes with few moves: again and again from the heaviest to the lightest the monitor whose
 * weight is closest to half of their difference, until no move makes them more even, or for `most` moves. A node with
 * `limit` active monitors gets no more. `monitors` are in the order of their ids; those of other nodes do not matter.
 */
export function even_out(
    node_ids: readonly string[],
    monitors: readonly Placed[],
    limit: number,
    most = math.huge,
): HomeMove[] {
    const givers = new_heap(is_heavier);
    const takers = new_heap(is_lighter);
    const enter = (bin: Bin): void => {
        push(givers, { bin, load: bin.load });
        push(takers, { bin, load: bin.load });
    };
    for (const bin of fill(node_ids, monitors)) {
        enter(bin);
    }
    const has_room = (bin: Bin): boolean => bin.count < limit;
    const moves: HomeMove[] = [];
    const by_id: Record<number, HomeMove | undefined> = {};
    let giver = first(givers, can_give);
    let taker = first(takers, has_room);
    while (giver !== undefined && taker !== undefined && giver.load > taker.load && moves.length < most) {
        const rate = best_rate(giver.stock, giver.load - taker.load);
        if (rate === undefined) {
            // The lightest only gets heavier: what cannot be given now never can.
            giver.is_spent = true;
        } else {
            const id = take(giver.stock, rate);
            add(taker.stock, rate, id);
            giver.load -= rate;
            giver.count -= 1;
            taker.load += rate;
            taker.count += 1;
            enter(giver);
            enter(taker);
            note(moves, by_id, { id, from: giver.node_id, to: taker.node_id });
        }
        giver = first(givers, can_give);
        taker = first(takers, has_room);
    }
    return really_moved(moves);
}
