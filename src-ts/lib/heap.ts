/* A binary heap: the least item of many in a few steps. */

export interface Heap<T> {
    readonly items: T[];
    /** True when `a` comes before `b`. */
    readonly before: (this: void, a: T, b: T) => boolean;
}

/** An empty heap in the order of `before`. */
export function new_heap<T>(before: (this: void, a: T, b: T) => boolean): Heap<T> {
    return { items: [], before };
}

function swap<T>(items: T[], i: number, j: number): void {
    const item = items[i] as T;
    items[i] = items[j] as T;
    items[j] = item;
}

/** Adds an item. */
export function push<T>(heap: Heap<T>, item: T): void {
    const { items, before } = heap;
    table.insert(items, item);
    let index = items.length - 1;
    while (index > 0) {
        const parent = math.floor((index - 1) / 2);
        if (!before(items[index] as T, items[parent] as T)) {
            return;
        }
        swap(items, index, parent);
        index = parent;
    }
}

/** The index of the child that comes first, if it comes before its parent. */
function first_child<T>(heap: Heap<T>, parent: number): number | undefined {
    const { items, before } = heap;
    let first = parent;
    for (const child of [2 * parent + 1, 2 * parent + 2]) {
        if (child < items.length && before(items[child] as T, items[first] as T)) {
            first = child;
        }
    }
    return first === parent ? undefined : first;
}

function sink<T>(heap: Heap<T>): void {
    let index = 0;
    let child = first_child(heap, index);
    while (child !== undefined) {
        swap(heap.items, index, child);
        index = child;
        child = first_child(heap, index);
    }
}

/** Takes the first item out; nil when there is none. */
export function pop<T>(heap: Heap<T>): T | undefined {
    const { items } = heap;
    const first = items[0];
    const last = table.remove(items);
    if (last !== undefined && items.length > 0) {
        items[0] = last;
        sink(heap);
    }
    return first;
}
