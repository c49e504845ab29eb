/* What the results of several probes come to together: pure functions. */
import { shorten } from "../lib/text";

export type Vote = "up" | "down" | "abstain";
export type Verdict = "up" | "down" | "unknown";

/** What one probe said last. */
export interface Ballot {
    readonly probe_id: string;
    readonly region: string;
    readonly vote: Vote;
    /** Seconds since it was checked. */
    readonly age: number;
    readonly ping_ms: number | undefined;
    readonly message: string;
}

/** How votes become a verdict. */
export interface Rule {
    readonly strategy: Strategy;
    /** With it so many probes must say down, whatever the strategy is. */
    readonly quorum: number | undefined;
    /** Seconds after which a vote counts no more. */
    readonly fresh: number;
}

export interface Outcome {
    readonly verdict: Verdict;
    /** One sentence for a person. */
    readonly message: string;
    /** The median of those that say up; nil when none does. */
    readonly ping_ms: number | undefined;
    readonly up: number;
    readonly down: number;
}

const LONGEST_MESSAGE = 250;

/** Intervals after which a vote counts no more. */
const FRESH_INTERVALS = 3;

/** Seconds for which a result counts that is made every `interval` seconds and takes `timeout_ms` at most. */
export function fresh_for(interval: number, timeout_ms: number): number {
    return interval * FRESH_INTERVALS + timeout_ms / 1000;
}

function is_down(down: number, total: number, { strategy, quorum }: Rule): boolean {
    if (quorum !== undefined) {
        return down >= quorum;
    }
    if (strategy === "any-down") {
        return down > 0;
    }
    // A tie is not down: half of the places can reach it.
    return strategy === "majority-down" ? down * 2 > total : down === total;
}

function median(values: number[]): number | undefined {
    if (values.length === 0) {
        return undefined;
    }
    table.sort(values);
    const middle = math.floor(values.length / 2);
    const upper = values[middle] as number;
    return values.length % 2 === 1 ? upper : ((values[middle - 1] as number) + upper) / 2;
}

function place(ballot: Ballot): string {
    return ballot.region === "" ? ballot.probe_id : ballot.region;
}

/** "regions" when no two of them are in the same one, else "probes". */
function unit(ballots: readonly Ballot[]): string {
    const seen: Record<string, boolean | undefined> = {};
    for (const ballot of ballots) {
        if (ballot.region === "" || seen[ballot.region] === true) {
            return "probes";
        }
        seen[ballot.region] = true;
    }
    return "regions";
}

function sentence(verdict: Verdict, counted: readonly Ballot[], down: number): string {
    if (verdict === "unknown") {
        return "no probe has a result that is new enough";
    }
    const total = counted.length;
    if (down === 0) {
        return `up in ${total} of ${total} ${unit(counted)}`;
    }
    const causes: string[] = [];
    for (const ballot of counted) {
        if (ballot.vote === "down") {
            table.insert(causes, `${place(ballot)}: ${ballot.message}`);
        }
    }
    return shorten(`down in ${down} of ${total} ${unit(counted)}: ${table.concat(causes, "; ")}`, LONGEST_MESSAGE);
}

function by_place(a: Ballot, b: Ballot): boolean {
    return a.region === b.region ? a.probe_id < b.probe_id : a.region < b.region;
}

/**
 * The votes that count: fresh, and no abstentions; in the order of their places. One from the future is of a clock that was
 * set back since, and counts for no longer than others.
 */
function countable(ballots: readonly Ballot[], fresh: number): Ballot[] {
    const counted: Ballot[] = [];
    for (const ballot of ballots) {
        if (ballot.vote !== "abstain" && math.abs(ballot.age) <= fresh) {
            table.insert(counted, ballot);
        }
    }
    table.sort(counted, by_place);
    return counted;
}

function decide(down: number, total: number, rule: Rule): Verdict {
    const is_undecided = total === 0 || (rule.quorum !== undefined && down === total && down < rule.quorum);
    if (is_undecided) {
        return "unknown";
    }
    return is_down(down, total, rule) ? "down" : "up";
}

/**
 * The verdict of those votes that are fresh and are no abstentions. Without any it is unknown, never up. With a quorum k it is
 * down when k say so, and unknown while fewer than k have a say and none of them says up.
 */
export function aggregate(ballots: readonly Ballot[], rule: Rule): Outcome {
    const counted = countable(ballots, rule.fresh);
    const pings: number[] = [];
    let down = 0;
    for (const { vote, ping_ms } of counted) {
        if (vote === "down") {
            down += 1;
        } else if (ping_ms !== undefined) {
            table.insert(pings, ping_ms);
        }
    }
    const total = counted.length;
    const verdict = decide(down, total, rule);
    return { verdict, message: sentence(verdict, counted, down), ping_ms: median(pings), up: total - down, down };
}
