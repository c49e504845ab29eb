/* Short forms for families: what all of them have in common. */
import type { Family, Histogram, Sample } from "./exposition";

const PREFIX = "kuma_cluster_";

/** What can go up and down. */
export function gauge(name: string, help: string, samples: readonly Sample[]): Family {
    return { name: PREFIX + name, type: "gauge", help, samples };
}

/** What only grows until the load balancer starts anew. */
export function counter(name: string, help: string, samples: readonly Sample[]): Family {
    return { name: PREFIX + name, type: "counter", help, samples };
}

/** How many fell into which bucket. */
export function histogram(name: string, help: string, values: Histogram): Family {
    return { name: PREFIX + name, type: "histogram", help, samples: [], histogram: values };
}

/** The samples of a family without labels: true is 1, and what is unknown is left out. */
export function one(value: number | boolean | undefined): Sample[] {
    if (value === undefined) {
        return [];
    }
    return [{ labels: "", value: typeof value === "boolean" ? (value ? 1 : 0) : value }];
}

/** An age out of times that are not all exact to the millisecond. */
export function in_milliseconds(seconds: number): number {
    return math.floor(seconds * 1000 + 0.5) / 1000;
}
