/* What the query string of a request says. Pure, but for the Problem that each function throws when it is wrong. */
import { Problem } from "./problem";

type Query = Readonly<Record<string, unknown>>;

function invalid(name: string, allowed: string): Problem {
    return new Problem(400, "invalid_parameter", `${name} must be ${allowed}`, { fields: [name] });
}

/** A parameter's text, or nothing when it is absent or empty. Throws a Problem when it is given more than once. */
export function textParameter(query: Query, name: string): string | undefined {
    const value = query[name];
    if (value === undefined || value === "") return undefined;
    if (typeof value !== "string") throw invalid(name, "given once");
    return value;
}

/** A whole number from `least` to `most`, or nothing when it is absent. Throws a Problem when it is anything else. */
export function numberParameter(query: Query, name: string, least: number, most: number): number | undefined {
    const text = textParameter(query, name);
    if (text === undefined) return undefined;
    const number = /^\d{1,12}$/.test(text) ? Number(text) : NaN;
    if (number >= least && number <= most) return number;
    throw invalid(name, `a whole number from ${least} to ${most}`);
}

/** A yes or no, or nothing when it is absent. Throws a Problem when it is anything else. */
export function flagParameter(query: Query, name: string): boolean | undefined {
    const text = textParameter(query, name)?.toLowerCase();
    if (text === undefined) return undefined;
    if (text === "1" || text === "true") return true;
    if (text === "0" || text === "false") return false;
    throw invalid(name, "1, true, 0 or false");
}

const DEFAULT_LIMIT = 100;
const MOST = 1000;
const MOST_ROWS = 10_000_000;

export interface Page {
    readonly limit: number;
    readonly offset: number;
}

/** Which part of a list is asked for. Throws a Problem when limit or offset are wrong. */
export function pageOf(query: Query): Page {
    return { limit: limitOf(query), offset: numberParameter(query, "offset", 0, MOST_ROWS) ?? 0 };
}

/** How many rows are asked for: 100 unless told, 1000 at most. Throws a Problem when it is wrong. */
export function limitOf(query: Query): number {
    return numberParameter(query, "limit", 1, MOST) ?? DEFAULT_LIMIT;
}

/** What an answer says of the part that it is: the whole, and where the next part begins or null at the end. */
export function pageInfo(page: Page, total: number): { total: number; next_offset: number | null } & Page {
    const next = page.offset + page.limit;
    return { total, ...page, next_offset: next < total ? next : null };
}
