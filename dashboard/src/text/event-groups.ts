/* A move of many monitors is told batch by batch: here all batches of one operation become one event. */

type Detail = Readonly<Record<string, unknown>>;

function detailOf(event: EventBody): Detail {
    return typeof event.detail === "object" && event.detail !== null ? (event.detail as Detail) : {};
}

function numberOf(value: unknown): number {
    return typeof value === "number" ? value : 0;
}

function targetsOf(detail: Detail): Readonly<Record<string, unknown>> {
    const { targets } = detail;
    return typeof targets === "object" && targets !== null ? (targets as Record<string, unknown>) : {};
}

function sum(newer: EventBody, older: EventBody): EventBody {
    const [left, right] = [detailOf(newer), detailOf(older)];
    const names = new Set([...Object.keys(targetsOf(left)), ...Object.keys(targetsOf(right))]);
    const targets = Object.fromEntries(
        [...names].map((name) => [name, numberOf(targetsOf(left)[name]) + numberOf(targetsOf(right)[name])]),
    );
    return { ...newer, detail: { ...left, moved: numberOf(left.moved) + numberOf(right.moved), targets } };
}

/** The events, newest first as they come, with the batches of one operation as the newest of them. */
export function groupBatches(events: readonly EventBody[]): EventBody[] {
    const groups = new Map<string, EventBody>();
    for (const event of events) {
        const { operation, moved } = detailOf(event);
        const isBatch = operation !== undefined && moved !== undefined;
        const key = isBatch ? `${event.type} ${String(operation)}` : `event ${event.id}`;
        const newer = groups.get(key);
        groups.set(key, newer === undefined ? event : sum(newer, event));
    }
    return [...groups.values()];
}
