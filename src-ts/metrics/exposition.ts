/* Families of metrics in the text format 0.0.4 of Prometheus. Pure: values in, text out. */
import { to_utf8 } from "../lib/utf8";

/** Of the answer; by version of the text format. */
export const CONTENT_TYPE = "text/plain; version=0.0.4";

export interface Sample {
    /** As labels() makes them; "" for none. */
    readonly labels: string;
    readonly value: number;
}

export interface Histogram {
    /** Upper bounds, ascending. */
    readonly bounds: readonly number[];
    /** How many fell into each bucket alone; the last one is above all bounds. */
    readonly counts: readonly number[];
    readonly sum: number;
}

export interface Family {
    readonly name: string;
    readonly type: "counter" | "gauge" | "histogram";
    readonly help: string;
    readonly samples: readonly Sample[];
    /** In place of samples. */
    readonly histogram?: Histogram;
}

const ESCAPES: Record<string, string> = { "\\": "\\\\", '"': '\\"', "\n": "\\n" };

/** One byte that is no UTF-8 would spoil the whole scrape. */
function escape(value: string): string {
    const [escaped] = string.gsub(to_utf8(value), '[\\"\n]', ESCAPES);
    return string.gsub(escaped, "%c", "?")[0];
}

/** Labels out of names and values in turn: labels("node", "node1") is `node="node1"`. Values may be any text. */
export function labels(...pairs: string[]): string {
    const parts: string[] = [];
    for (const index of $range(0, pairs.length - 1, 2)) {
        table.insert(parts, `${pairs[index]}="${escape(pairs[index + 1] ?? "")}"`);
    }
    return table.concat(parts, ",");
}

function number(value: number): string {
    if (value !== value) {
        return "NaN";
    }
    if (value === math.huge || value === -math.huge) {
        return value > 0 ? "+Inf" : "-Inf";
    }
    return string.format("%.15g", value);
}

function line(name: string, label_text: string, value: number): string {
    const braces = label_text === "" ? "" : `{${label_text}}`;
    return `${name}${braces} ${number(value)}`;
}

function add_histogram(lines: string[], name: string, { bounds, counts, sum }: Histogram): void {
    let total = 0;
    for (const index of $range(0, bounds.length)) {
        total += counts[index] ?? 0;
        table.insert(lines, line(`${name}_bucket`, labels("le", number(bounds[index] ?? math.huge)), total));
    }
    table.insert(lines, line(`${name}_sum`, "", sum));
    table.insert(lines, line(`${name}_count`, "", total));
}

function add_family(lines: string[], { name, type, help, samples, histogram }: Family): void {
    if (histogram === undefined && samples.length === 0) {
        return;
    }
    const [help_text] = string.gsub(help, "[\\\n]", ESCAPES);
    table.insert(lines, `# HELP ${name} ${help_text}`);
    table.insert(lines, `# TYPE ${name} ${type}`);
    for (const { labels: label_text, value } of samples) {
        table.insert(lines, line(name, label_text, value));
    }
    if (histogram !== undefined) {
        add_histogram(lines, name, histogram);
    }
}

/** The text of a scrape. A family without a sample is left out. */
export function render(families: readonly Family[]): string {
    const lines: string[] = [];
    for (const family of families) {
        add_family(lines, family);
    }
    table.insert(lines, "");
    return table.concat(lines, "\n");
}
