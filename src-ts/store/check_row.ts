/* A row of probe_check: what somebody else has written into it may be nothing that anybody can carry out. */
import { is_check_kind, read_target } from "../lib/check_target";
import { is_list } from "../lib/fields";
import * as json from "../lib/json";
import type { CheckFields } from "../regions/check_input";
import { number, text } from "./column";
import type { Column } from "./column";

export type Verdict = "up" | "down" | "unknown";

export interface CheckRow extends CheckFields {
    id: number;
    monitor_id: number | undefined;
    verdict: Verdict;
    /** Times of the database, UTC. */
    verdict_since: string | undefined;
    verdict_message: string;
    created: string;
    modified: string;
}

const VERDICTS: Record<string, Verdict | undefined> = { up: "up", down: "down", unknown: "unknown" };
const STRATEGIES: Record<string, Strategy | undefined> = {
    "any-down": "any-down",
    "majority-down": "majority-down",
    "all-down": "all-down",
};

function decode_target(kind: CheckKind, value: Column): Result<CheckTarget> {
    if (!is_check_kind(kind)) {
        return $multi(undefined, `there is no kind ${kind}`);
    }
    const [target, err] = json.decode(text(value) ?? "");
    if (target === undefined) {
        return $multi(undefined, err ?? "it has no target");
    }
    return read_target(kind, target);
}

/** A list of texts, false for NULL, nil for anything else. */
function decode_regions(value: Column): string[] | false | undefined {
    const given = text(value);
    if (given === undefined) {
        return false;
    }
    const [regions] = json.decode<unknown>(given);
    if (!is_list(regions)) {
        return undefined;
    }
    for (const region of regions as unknown[]) {
        if (typeof region !== "string") {
            return undefined;
        }
    }
    return (regions as string[]).length === 0 ? false : (regions as string[]);
}

/** The columns that come as they are. */
function plain_fields(
    row: Record<string, Column>,
): Omit<CheckRow, "kind" | "target" | "regions" | "strategy" | "verdict"> {
    return {
        id: number(row.id) ?? 0,
        name: text(row.name) ?? "",
        active: number(row.active) === 1,
        created: text(row.created_date) ?? "",
        modified: text(row.modified_date) ?? "",
        interval: number(row.seconds) ?? 60,
        timeout_ms: number(row.timeout_ms) ?? 10000,
        quorum: number(row.quorum),
        monitor_id: number(row.monitor_id),
        verdict_since: text(row.verdict_since),
        verdict_message: text(row.verdict_message) ?? "",
    };
}

/** Nil and the cause for a row that nobody can carry out. */
export function to_check(row: Record<string, Column>): Result<CheckRow> {
    const kind = (text(row.kind) ?? "") as CheckKind;
    const [target, err] = decode_target(kind, row.target);
    if (target === undefined) {
        return $multi(undefined, err);
    }
    const regions = decode_regions(row.regions);
    if (regions === undefined) {
        return $multi(undefined, "regions must be a list of names");
    }
    const check = plain_fields(row) as CheckRow;
    check.kind = kind;
    check.target = target;
    check.regions = regions === false ? undefined : regions;
    check.strategy = STRATEGIES[text(row.strategy) ?? ""];
    check.verdict = VERDICTS[text(row.verdict) ?? ""] ?? "unknown";
    return $multi(check);
}
