/*
 * Makes one verdict of what the probes say of each check, and tells Uptime Kuma: at once when it changes, else once in an
 * interval, as a push monitor wants it. Only the leader does it; a verdict carries its lease, and one that is told twice
 * after a take-over is one beat too many and no alert.
 */
import * as config from "../config";
import * as group from "../lib/group";
import type { Groups } from "../lib/group";
import * as logger from "../logger";
import * as checks_store from "../store/checks";
import type { CheckRow } from "../store/checks";
import * as events from "../store/events";
import type { Lease } from "../store/lease";
import * as votes_store from "../store/votes";
import type { VoteRow } from "../store/votes";
import { aggregate, fresh_for } from "./aggregate";
import type { Ballot, Outcome, Vote } from "./aggregate";
import * as push_beats from "./push_beats";
import * as told from "./told";
import type { Beat } from "./told";

/** Seconds for which a result for this check counts. */
export function freshness(check: CheckRow): number {
    return fresh_for(check.interval, check.timeout_ms);
}

/** True when the check is for probes of that region. */
export function is_asked(check: CheckRow, region: string): boolean {
    if (check.regions === undefined) {
        return true;
    }
    for (const wanted of check.regions) {
        if (wanted === region) {
            return true;
        }
    }
    return false;
}

/** The votes of those probes that the check is for. */
export function ballots_of(check: CheckRow, votes: readonly VoteRow[]): Ballot[] {
    const ballots: Ballot[] = [];
    for (const { probe_id, region, status, age, ping_ms, message } of votes) {
        if (is_asked(check, region)) {
            table.insert(ballots, { probe_id, region, vote: status as Vote, age, ping_ms, message });
        }
    }
    return ballots;
}

/** What the votes for a check come to. */
export function outcome_of(check: CheckRow, votes: readonly VoteRow[]): Outcome {
    const strategy = check.strategy ?? config.probes.strategy;
    return aggregate(ballots_of(check, votes), { strategy, quorum: check.quorum, fresh: freshness(check) });
}

/** Votes by check. */
export function by_check(votes: readonly VoteRow[]): Groups<number, VoteRow> {
    const sorted: Groups<number, VoteRow> = {};
    for (const vote of votes) {
        group.add(sorted, vote.check_id, vote);
    }
    return sorted;
}

function note_change(check: CheckRow, outcome: Outcome, lease: Lease): Result<boolean> {
    const [noted, err] = checks_store.set_verdict(check, outcome.verdict, outcome.message, lease);
    if (noted !== true || check.verdict === outcome.verdict) {
        if (noted === undefined) {
            return $multi(undefined, err);
        }
        return $multi(noted);
    }
    logger.info("REGIONS", "%s: %s -> %s: %s", check.name, check.verdict, outcome.verdict, outcome.message);
    return events.append(`check.${outcome.verdict}`, "", lease.epoch, config.node.id, {
        // Without its name: everybody may read events.
        check_id: check.id,
        from: check.verdict,
        message: outcome.message,
    });
}

/** The beat that Uptime Kuma is to get now; nil when there is none, or the verdict is not ours to tell. */
function evaluate(check: CheckRow, outcome: Outcome, lease: Lease): Result<Beat | false> {
    const { verdict, message, ping_ms } = outcome;
    if (verdict !== check.verdict || message !== check.verdict_message) {
        const [noted, err] = note_change(check, outcome, lease);
        if (noted === undefined) {
            return $multi(undefined, err);
        }
        if (!noted) {
            return $multi(false);
        }
    }
    const { id: check_id, monitor_id, interval } = check;
    // No fresh vote is no news: Uptime Kuma says by itself that no beat comes.
    if (verdict === "unknown" || monitor_id === undefined) {
        return $multi(false);
    }
    const beat = { check_id, monitor_id, interval, verdict, message, ping_ms, epoch: lease.epoch };
    return $multi(told.begin(beat) && beat);
}

/** One look at all checks that are switched on. */
export function evaluate_all(lease: Lease): Result<true> {
    const [checks, err] = checks_store.list_active();
    if (checks === undefined) {
        return $multi(undefined, err);
    }
    if (checks.length === 0) {
        return $multi(true);
    }
    const [votes, votes_err] = votes_store.votes();
    if (votes === undefined) {
        return $multi(undefined, votes_err);
    }
    const sorted = by_check(votes);
    const beats: Beat[] = [];
    let failure: string | undefined;
    for (const check of checks) {
        const [beat, check_err] = evaluate(check, outcome_of(check, sorted[check.id] ?? []), lease);
        if (beat === undefined) {
            failure = check_err;
            break;
        }
        if (beat !== false) {
            table.insert(beats, beat);
        }
    }
    push_beats.send(beats, lease);
    if (failure !== undefined) {
        return $multi(undefined, failure);
    }
    return $multi(true);
}
