/* What somebody sends as a check, looked at field by field: pure functions. */
import { is_check_kind, read_target } from "../lib/check_target";
import { is_flag, is_given, is_line, is_list, is_name, is_one_of, is_whole, NAME, read_fields } from "../lib/fields";
import type { FieldRule } from "../lib/fields";

export interface CheckFields {
    name: string;
    kind: CheckKind;
    target: CheckTarget;
    interval: number;
    timeout_ms: number;
    /** Nil: all. */
    regions: string[] | undefined;
    strategy: Strategy | undefined;
    quorum: number | undefined;
    active: boolean;
}

const DEFAULTS = { interval: 60, timeout_ms: 10000 };
const REGIONS_MAX = 50;
const STRATEGIES: Record<string, boolean | undefined> = { "any-down": true, "majority-down": true, "all-down": true };
function read_regions(given: unknown): Result<string[] | false> {
    if (!is_given(given)) {
        return $multi(false);
    }
    if (!is_list(given) || (given as unknown[]).length > REGIONS_MAX) {
        return $multi(undefined, `regions must be a list of at most ${REGIONS_MAX} names`);
    }
    const regions: string[] = [];
    for (const region of given as string[]) {
        if (!is_name(region)) {
            return $multi(undefined, `regions must be a list of names: ${NAME} each`);
        }
        table.insert(regions, region);
    }
    return $multi(regions.length === 0 ? false : regions);
}

const PLAIN: readonly FieldRule[] = [
    { name: "name", verify: is_line(150, 1), allowed: "a text of 1 to 150 bytes", required: true },
    {
        name: "kind",
        verify: is_check_kind,
        allowed: "http, tcp or dns",
        required: true,
    },
    { name: "interval", verify: is_whole(5, 86400), allowed: "a whole number of seconds from 5 to 86400" },
    { name: "timeout_ms", verify: is_whole(100, 60000), allowed: "a whole number from 100 to 60000" },
    { name: "strategy", verify: is_one_of(STRATEGIES), allowed: "any-down, majority-down or all-down" },
    { name: "quorum", verify: is_whole(1, 1000), allowed: "a whole number from 1 to 1000" },
    { name: "active", verify: is_flag, allowed: "true or false" },
];

/** A check of what was given, what is missing by default; or nil and what is wrong with it, as a sentence. */
export function read_check(given: Record<string, unknown>): Result<CheckFields> {
    const [values, err] = read_fields(given, PLAIN);
    if (values === undefined) {
        return $multi(undefined, err);
    }
    const kind = values.kind as CheckKind;
    const [target, target_err] = read_target(kind, given.target);
    if (target === undefined) {
        return $multi(undefined, target_err);
    }
    const [regions, regions_err] = read_regions(given.regions);
    if (regions === undefined) {
        return $multi(undefined, regions_err);
    }
    const interval = (values.interval as number | undefined) ?? DEFAULTS.interval;
    const timeout_ms = (values.timeout_ms as number | undefined) ?? math.min(DEFAULTS.timeout_ms, interval * 800);
    if (timeout_ms > interval * 1000) {
        return $multi(undefined, "timeout_ms must not be longer than the interval");
    }
    return $multi({
        name: values.name as string,
        kind,
        target,
        interval,
        timeout_ms,
        regions: regions === false ? undefined : regions,
        strategy: values.strategy as Strategy | undefined,
        quorum: values.quorum as number | undefined,
        active: values.active !== false,
    });
}
