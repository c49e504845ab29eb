/* What the charts show: one sample for each good answer, kept while the page is open. */

export const METRICS = ["monitors", "requests"] as const;
export type Metric = (typeof METRICS)[number];

export interface Sample {
    /** Of this browser, in ms. */
    readonly at: number;
    /** The load balancer that answered, and since when it runs: its counters begin at 0 then. */
    readonly source: string;
    readonly state: HealthBody["status"];
    readonly monitors: Readonly<Record<string, number>>;
    readonly requests: Readonly<Record<string, number>>;
}

/** A point in time of a chart; without values while nothing is known. */
export interface Point {
    readonly at: number;
    readonly values: Readonly<Record<string, number>> | undefined;
}

const KEPT = 600;
/** Requests come in bursts: their rate is that of so many samples. */
const RATE_SAMPLES = 5;
/** Nothing is known of the time between two samples that are further apart, in ms; hidden tabs ask every 10 s. */
const GAP_MS = 15000;

function countsOf<T extends { node_id: string }>(
    list: readonly T[],
    count: (item: T) => number,
): Record<string, number> {
    return Object.fromEntries(list.map((item) => [item.node_id, count(item)]));
}

/** The sample of an answer. */
export function sampleOf(status: SystemStatusBody, at: number): Sample {
    const { node_id, started_at } = status.cluster.this_node;
    return {
        at,
        source: `${node_id} ${started_at}`,
        state: status.cluster.status,
        monitors: countsOf(status.cluster.nodes, (node) => node.monitor_count),
        requests: countsOf(status.load_balancer.nodes, (node) => node.requests),
    };
}

/** The samples with one more, the oldest dropped. */
export function addSample(samples: readonly Sample[], sample: Sample): Sample[] {
    return [...samples.slice(-(KEPT - 1)), sample];
}

function rates(samples: readonly Sample[], index: number): Point["values"] {
    const sample = samples[index];
    const before = samples[Math.max(0, index - RATE_SAMPLES)];
    if (sample === undefined || before === undefined || before.source !== sample.source) return undefined;
    const seconds = (sample.at - before.at) / 1000;
    if (seconds <= 0) return undefined;
    const entries = Object.entries(sample.requests).map(([node, count]) => {
        return [node, Math.max(0, count - (before.requests[node] ?? count)) / seconds] as const;
    });
    return Object.fromEntries(entries);
}

/** The points of a chart, oldest first, with an empty one wherever nothing is known. */
export function pointsOf(samples: readonly Sample[], metric: Metric): Point[] {
    return samples.flatMap((sample, index): Point[] => {
        const values = metric === "monitors" ? sample.monitors : rates(samples, index);
        const before = samples[index - 1];
        const isGap = before !== undefined && sample.at - before.at > GAP_MS;
        const point: Point = { at: sample.at, values };
        return isGap ? [{ at: before.at + 1, values: undefined }, point] : [point];
    });
}
