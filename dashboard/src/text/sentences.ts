/* Events of the cluster as sentences. What the API itself says in words (reasons) is passed on as it is. */
import type { Messages } from "./en";
import type { Formats } from "./format";

const ICONS = {
    "node.online": "online",
    "node.offline": "offline",
    "node.recovering": "recovering",
    "node.draining": "draining",
    drain: "draining",
    recovery: "home",
    rebalancing: "balance",
    redistribution: "balance",
} as const;

export type EventIcon = (typeof ICONS)[keyof typeof ICONS] | "check" | "anew";

export interface Told {
    readonly id: number;
    readonly at: string;
    readonly tone: "good" | "bad" | "info" | "done";
    readonly icon: EventIcon;
    readonly sentence: string;
    /** Where monitors went. */
    readonly targets: string | undefined;
    readonly reason: string | undefined;
    readonly gapMs: number | undefined;
    readonly late: number;
}

type Detail = Readonly<Record<string, unknown>>;

function detailOf(event: EventBody): Detail {
    return typeof event.detail === "object" && event.detail !== null ? (event.detail as Detail) : {};
}

function numberIn(detail: Detail, key: string): number | undefined {
    const value = detail[key];
    return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

function textIn(detail: Detail, key: string): string | undefined {
    const value = detail[key];
    return typeof value === "string" && value !== "" ? value : undefined;
}

/** Own keys alone: a type of somebody's making ("constructor") has no text. */
function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
    return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** The name of a type of operation. */
export function operationName(type: string, text: Messages): string {
    return own(text.operations.types, type) ?? type;
}

function toneOf(type: string): Told["tone"] {
    if (type === "node.online") return "good";
    if (type === "node.offline" || type === "failover" || type === "correction") return "bad";
    return type.endsWith(".done") ? "done" : "info";
}

function iconOf(type: string): EventIcon {
    return type.endsWith(".done") ? "check" : (own<EventIcon>(ICONS, type) ?? "anew");
}

/** What is said of a node, or of an operation as a whole; nil of the moves themselves. */
function stateSentence(type: string, node: string, text: Messages): string | undefined {
    const { timeline } = text;
    const [base = "", phase = ""] = type.split(".");
    if (base === "node") return own<(node: string) => string>(timeline.nodeState, phase)?.(node);
    if (phase === "start") return timeline.started(operationName(base, text));
    return phase === "done" ? own<(node: string) => string>(timeline.done, base)?.(node) : undefined;
}

function sentenceOf(event: EventBody, moved: number, text: Messages, formats: Formats): string {
    const node = event.node_id ?? "";
    const say = own<(count: string, n: number, node: string) => string>(text.timeline.moved, event.type);
    return (
        stateSentence(event.type, node, text) ??
        say?.(formats.number(moved), moved, node) ??
        text.timeline.other(event.type, node)
    );
}

function targetsOf(detail: Detail, text: Messages, formats: Formats): string | undefined {
    const { targets } = detail;
    if (typeof targets !== "object" || targets === null) return undefined;
    const list = Object.entries(targets as Record<string, unknown>)
        .sort(([left], [right]) => left.localeCompare(right, "en", { numeric: true }))
        .map(([node, count]) => text.timeline.target(node, formats.number(Number(count))));
    if (list.length === 0) return undefined;
    return text.timeline.to(new Intl.ListFormat(text.locale, { type: "conjunction" }).format(list));
}

/** An event as a person reads it. */
export function tellEvent(event: EventBody, text: Messages, formats: Formats): Told {
    const detail = detailOf(event);
    return {
        id: event.id,
        at: event.at,
        tone: toneOf(event.type),
        icon: iconOf(event.type),
        sentence: sentenceOf(event, numberIn(detail, "moved") ?? 0, text, formats),
        targets: targetsOf(detail, text, formats),
        // What ends says again why it began.
        reason: event.type.endsWith(".done") ? undefined : textIn(detail, "reason"),
        gapMs: numberIn(detail, "gap_ms"),
        late: numberIn(detail, "late") ?? 0,
    };
}
