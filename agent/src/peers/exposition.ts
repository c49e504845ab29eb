/* The text format of Prometheus: reads metrics and puts those of several nodes together. */

/** One metric: its HELP and TYPE lines and its samples, a line each. */
export interface Family {
    readonly name: string;
    readonly comments: readonly string[];
    readonly samples: readonly string[];
}

const COMMENT = /^# (?:HELP|TYPE) (\S+)/;
const SAMPLE_NAME = /^[^\s{]+/;
const PART = /_(?:bucket|sum|count)$/;
const LABEL = /([A-Za-z_]\w*)="((?:[^"\\]|\\.)*)"/g;
/** What tells one monitor from another where Kuma gives no monitor_id, as 2.0.0-dev.0 does. */
const LABELS_OF_MONITOR = ["monitor_name", "monitor_type", "monitor_url", "monitor_hostname", "monitor_port"];

/** The metric that a line is about. Samples of a histogram carry a suffix: they belong to the one commented before. */
function nameOf(line: string, current: string | undefined): string | undefined {
    const commented = COMMENT.exec(line)?.[1];
    if (commented !== undefined || line === "" || line.startsWith("#")) return commented;
    const name = SAMPLE_NAME.exec(line)?.[0];
    return name?.replace(PART, "") === current ? current : name;
}

/** The metrics in a text, in its order. Lines that are neither HELP, TYPE nor a sample are left out. */
export function parseFamilies(text: string): Family[] {
    const families = new Map<string, { name: string; comments: string[]; samples: string[] }>();
    let current: string | undefined;
    for (const line of text.split("\n")) {
        const name = nameOf(line, current);
        if (name === undefined) continue;
        current = name;
        const family = families.get(name) ?? { name, comments: [], samples: [] };
        families.set(name, family);
        (line.startsWith("#") ? family.comments : family.samples).push(line);
    }
    return [...families.values()];
}

/** The text of metrics. */
export function renderFamilies(families: readonly Family[]): string {
    return families.map(({ comments, samples }) => `${[...comments, ...samples].join("\n")}\n`).join("\n");
}

/** Whether a metric is one of monitors, each sample of which belongs to one of them. */
function isOfMonitors({ name }: Family): boolean {
    return name.startsWith("monitor_");
}

/** The key of a monitor by the values of its labels, without its id. */
export function keyOfValues(values: readonly unknown[]): string {
    return JSON.stringify(values.map(String));
}

/** The key of the monitor that a sample belongs to: its id, or keyOfValues() when it names none. */
export function monitorOf(sample: string): string {
    const unescaped = (value: string): string =>
        value.replace(/\\(.)/g, (_all, char) => (char === "n" ? "\n" : String(char)));
    const labels = new Map([...sample.matchAll(LABEL)].map(([, name, value]) => [name, unescaped(value ?? "")]));
    return labels.get("monitor_id") ?? keyOfValues(LABELS_OF_MONITOR.map((name) => labels.get(name)));
}

/** Metrics without the samples of monitors that `keep` refuses; the metrics themselves stay. */
export function onlyMonitors(families: readonly Family[], keep: (monitor: string) => boolean): Family[] {
    return families.map((family) =>
        isOfMonitors(family)
            ? { ...family, samples: family.samples.filter((sample) => keep(monitorOf(sample))) }
            : family,
    );
}

function monitorsIn(families: readonly Family[]): Set<string> {
    return new Set(families.filter(isOfMonitors).flatMap(({ samples }) => samples.map(monitorOf)));
}

function addMonitors(own: readonly Family[], more: readonly Family[]): Family[] {
    const added = new Map(more.map((family) => [family.name, family]));
    const extended = own.map((family) => {
        const samples = added.get(family.name)?.samples ?? [];
        added.delete(family.name);
        return { ...family, samples: [...family.samples, ...samples] };
    });
    return [...extended, ...added.values()];
}

/**
 * The metrics of one node, and the samples of monitors of others. A monitor that several nodes have, as for a moment when
 * it moves, is taken from the first.
 */
export function mergeMonitors(own: readonly Family[], others: readonly (readonly Family[])[]): Family[] {
    let merged = [...own];
    for (const other of others) {
        const seen = monitorsIn(merged);
        merged = addMonitors(
            merged,
            onlyMonitors(other.filter(isOfMonitors), (monitor) => !seen.has(monitor)),
        );
    }
    return merged;
}
