/* The monitors that a node can give away, by how often they are checked: pure. */

/** Rates in ascending order, and for each the ids of the monitors with that rate. */
export interface Stock {
    readonly rates: number[];
    readonly ids: Record<number, number[] | undefined>;
}

/** Checks in a billion seconds: whole numbers add up to the same sum in any order. */
const PERIOD = 1000000000;

/** What a monitor with that interval in seconds weighs. */
export function rate_of(interval: number): number {
    return math.floor(PERIOD / math.max(interval, 1) + 0.5);
}

/** An empty stock. */
export function new_stock(): Stock {
    return { rates: [], ids: {} };
}

/** How many of the rates are not above `limit`. */
function count_up_to(rates: readonly number[], limit: number): number {
    let low = 0;
    let high = rates.length;
    while (low < high) {
        const middle = math.floor((low + high) / 2);
        if ((rates[middle] as number) <= limit) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/** Adds a monitor. */
export function add(stock: Stock, rate: number, id: number): void {
    const ids = stock.ids[rate];
    if (ids !== undefined) {
        table.insert(ids, id);
        return;
    }
    stock.ids[rate] = [id];
    table.insert(stock.rates, count_up_to(stock.rates, rate) + 1, rate);
}

/** Takes out the monitor of that rate that came last; there must be one. */
export function take(stock: Stock, rate: number): number {
    const ids = stock.ids[rate] ?? [];
    const id = table.remove(ids) as number;
    if (ids.length === 0) {
        stock.ids[rate] = undefined;
        table.remove(stock.rates, count_up_to(stock.rates, rate));
    }
    return id;
}

/**
 * The rate closest to half of the difference between two nodes, among those that make them more even; of two that are
 * equally close the greater one, which leaves less to move. nil when there is none.
 */
export function best_rate(stock: Stock, difference: number): number | undefined {
    const half = difference / 2;
    const count = count_up_to(stock.rates, half);
    const below = stock.rates[count - 1];
    const above = stock.rates[count];
    if (above === undefined || above >= difference) {
        return below;
    }
    return below === undefined || above - half <= half - below ? above : below;
}
