/* The form of a check from several places: which fields there are, and what is sent of them. */
import type { Problem } from "../api/problem";

/** The name of a field as the API calls it when it refuses one. */
export type FieldKey =
    | `target.${"url" | "method" | "keyword" | "expected_status" | "min_tls_days" | "host" | "port" | "name" | "type" | "expected"}`
    | "name"
    | "kind"
    | "interval"
    | "strategy"
    | "quorum";

export interface Field {
    readonly key: FieldKey;
    /** Of a list; else it is typed. */
    readonly options?: readonly string[];
    /** Of a number. */
    readonly range?: readonly [min: number, max: number];
    readonly isOptional?: true;
    /** What holds when it is empty. */
    readonly hint?: string;
}

export type Values = Readonly<Partial<Record<FieldKey, string>>>;

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const TYPES = ["A", "AAAA", "CNAME", "MX", "NS", "TXT"];
const TARGETS: Readonly<Record<CheckKind, readonly Field[]>> = {
    http: [
        { key: "target.url", hint: "https://" },
        { key: "target.method", options: METHODS },
        { key: "target.expected_status", isOptional: true, hint: "200-299" },
        { key: "target.keyword", isOptional: true },
        { key: "target.min_tls_days", isOptional: true, range: [0, 3650] },
    ],
    tcp: [{ key: "target.host" }, { key: "target.port", range: [1, 65535] }],
    dns: [{ key: "target.name" }, { key: "target.type", options: TYPES }, { key: "target.expected", isOptional: true }],
};

/** The fields for a check of this kind, in their order. */
export function fieldsOf(kind: CheckKind): Field[] {
    return [
        { key: "name" },
        { key: "kind", options: Object.keys(TARGETS) },
        ...TARGETS[kind],
        { key: "interval", range: [5, 86400] },
        { key: "strategy", options: ["any-down", "majority-down", "all-down"] },
        { key: "quorum", isOptional: true, range: [1, 1000] },
    ];
}

/** What the form has when it opens. */
export function emptyForm(strategy: Strategy): Values {
    return { kind: "http", interval: "60", "target.method": "GET", "target.type": "A", strategy };
}

/** What is sent; without regions the check is for all of them. */
export function requestOf(fields: readonly Field[], values: Values, regions: readonly string[]): ProbeCheckRequest {
    const request: Record<string, unknown> = regions.length === 0 ? {} : { regions };
    const target: Record<string, unknown> = {};
    for (const { key, range } of fields) {
        const typed = values[key]?.trim() ?? "";
        const [name = "", inside] = key.split(".");
        if (typed !== "") (inside === undefined ? request : target)[inside ?? name] = range ? Number(typed) : typed;
    }
    return { ...request, target } as unknown as ProbeCheckRequest;
}

/** The field that the API refuses; nil when its problem is with something else. */
export function refusedField(problem: Problem, fields: readonly Field[]): FieldKey | undefined {
    const [key] = problem.message.split(" ");
    return problem.code === "invalid_parameter" ? fields.find((field) => field.key === key)?.key : undefined;
}
