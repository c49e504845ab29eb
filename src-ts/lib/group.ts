/* Values that belong together, in lists by what they share. */

/** A list for each key that there is a value of. */
export type Groups<K extends string | number, V> = Record<K, V[] | undefined>;

/** Adds a value to the list of its key. */
export function add<K extends string | number, V>(groups: Groups<K, V>, key: K, value: V): void {
    const list = groups[key] ?? [];
    table.insert(list, value);
    groups[key] = list;
}
