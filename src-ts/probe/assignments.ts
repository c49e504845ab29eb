/* What the leader wants checked: fetched when it is due, and kept as it came for the worker that is next. */
import * as config from "../config";
import * as clock from "../lib/clock";
import * as json from "../lib/json";
import * as shared_dict from "../lib/shared_dict";
import * as logger from "../logger";
import { read_assignments } from "./read_assignments";
import * as state from "./state";

const DEFAULT_REFRESH = 30;
const LONGEST_REFRESH = 3600;
/** Part of the time by which two looks may differ, so that probes that started together do not stay together. */
const JITTER = 0.1;

let checks: readonly Assignment[] = [];
let etag: string | undefined;
let refresh = DEFAULT_REFRESH;
/** Grows with each new list. */
let generation = 0;
let is_known = false;
let due = 0;
/** The list as it is kept for other workers. */
let used = "";

/** The checks, and a number that changes when they do. */
export function current(): LuaMultiReturn<[checks: readonly Assignment[], generation: number]> {
    return $multi(checks, generation);
}

/** Of any worker: the leader has said what to check, maybe nothing. */
export function are_known(): boolean {
    return shared_dict.get_number(state.memory(), "checks") !== undefined;
}

export function is_due(): boolean {
    return clock.monotonic() >= due;
}

/** Has the list asked for at once. */
export function make_due(): void {
    due = 0;
}

function use(text: string): string | undefined {
    const [body, err] = json.decode<AssignmentsBody>(text);
    const read = read_assignments(body);
    if (read === undefined) {
        return `cannot read what the leader wants checked: ${err ?? "it is no list"}`;
    }
    for (const problem of read.problems) {
        logger.warn("PROBE", "cannot use one of the checks: %s", problem);
    }
    const seconds = typeof body === "object" ? tonumber(body.refresh) : undefined;
    refresh = math.max(1, math.min(seconds ?? DEFAULT_REFRESH, LONGEST_REFRESH));
    checks = read.checks;
    generation += 1;
    is_known = true;
    shared_dict.set_safely(state.memory(), "checks", checks.length);
    return undefined;
}

/** Uses what a worker of this nginx was told last. */
export function restore(): void {
    const kept = shared_dict.get_text(state.memory(), "assignments") ?? used;
    const [tag, text] = string.match(kept, "^([^\n]*)\n(.*)$");
    if (kept !== used && text !== undefined && use(text) === undefined) {
        etag = tag === "" ? undefined : tag;
        used = kept;
    }
}

function keep(text: string): void {
    used = `${etag ?? ""}\n${text}`;
    if (!shared_dict.set_safely(state.memory(), "assignments", used)) {
        state.memory().raw.delete("assignments");
        logger.warn("PROBE", "no memory to keep the checks in: after a reload they wait for the leader");
    }
}

/** The path of the list for this probe. */
export function path_of(session: string): string {
    const { id } = config.node;
    return `probes/assignments?probe=${ngx.escape_uri(id)}&session=${ngx.escape_uri(session)}`;
}

/** The ETag of the list that is in use. */
export function known_etag(): string | undefined {
    return is_known ? etag : undefined;
}

/** Notes that it was asked for, and what came when it has changed; returns why that cannot be used. */
export function note(text: string | undefined, new_etag: string | undefined): string | undefined {
    const problem = text === undefined ? undefined : use(text);
    due = clock.monotonic() + refresh * (1 - JITTER + 2 * JITTER * math.random());
    if (text !== undefined) {
        if (problem !== undefined) {
            return problem;
        }
        etag = new_etag;
        keep(text);
        logger.info("PROBE", "%d checks to do, the leader says", checks.length);
    }
    return undefined;
}
