/* What a leader sends as assignments, looked at one by one: one that cannot be used stops none of the others. Pure. */
import { is_check_kind, read_target } from "../lib/check_target";
import { is_given, is_text, is_whole } from "../lib/fields";
import type { Fields } from "../lib/fields";

export interface ReadAssignments {
    readonly checks: Assignment[];
    /** A sentence for each that cannot be used. */
    readonly problems: string[];
}

const LONGEST_INTERVAL = 86400;
const LONGEST_TIMEOUT_MS = 120000;
const LARGEST_ID = 9007199254740991;

const is_revision = is_text(64);
const is_id = is_whole(1, LARGEST_ID);
const is_interval = is_whole(1, LONGEST_INTERVAL);
const is_timeout = is_whole(1, LONGEST_TIMEOUT_MS);

function read_one(given: unknown): Result<Assignment> {
    if (typeof given !== "object") {
        return $multi(undefined, "it is no object");
    }
    const { id, kind, target, interval, timeout_ms, revision } = given as Fields;
    if (!is_id(id)) {
        return $multi(undefined, "id must be a whole number");
    }
    const name = `check ${string.format("%d", id as number)}`;
    if (!is_check_kind(kind)) {
        return $multi(undefined, `${name}: kind must be http, tcp or dns`);
    }
    if (!is_interval(interval)) {
        return $multi(undefined, `${name}: interval must be a whole number from 1 to ${LONGEST_INTERVAL}`);
    }
    if (!is_timeout(timeout_ms)) {
        return $multi(undefined, `${name}: timeout_ms must be a whole number from 1 to ${LONGEST_TIMEOUT_MS}`);
    }
    if (is_given(revision) && !is_revision(revision)) {
        return $multi(undefined, `${name}: revision must be a text`);
    }
    const [read, err] = read_target(kind as CheckKind, target);
    if (read === undefined) {
        return $multi(undefined, `${name}: ${err}`);
    }
    return $multi({ id, kind, target: read, interval, timeout_ms, revision } as Assignment);
}

/** The checks of an AssignmentsBody as it was decoded; nil when it is none. */
export function read_assignments(body: unknown): ReadAssignments | undefined {
    const given = typeof body === "object" ? (body as Fields).checks : undefined;
    if (typeof given !== "object") {
        return undefined;
    }
    const checks: Assignment[] = [];
    const problems: string[] = [];
    const seen: Record<number, boolean | undefined> = {};
    for (const one of given as unknown[]) {
        const [check, problem] = read_one(one);
        if (check === undefined) {
            table.insert(problems, problem);
        } else if (seen[check.id] !== true) {
            seen[check.id] = true;
            table.insert(checks, check);
        }
    }
    return { checks, problems };
}
