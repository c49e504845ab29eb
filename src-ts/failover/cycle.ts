/*
 * One round of the control plane: hold the lease, read the nodes, check who is due, change states, move monitors. It
 * comes to one sentence, which is logged when it changes and is what the status shows. Rounds never overlap, in all the
 * workers of this load balancer, also across a reload; what a round leaves undone the next one does.
 */
import * as clock from "../lib/clock";
import * as shared_dict from "../lib/shared_dict";
import * as states from "../lib/states";
import * as turn from "../lib/turn";
import * as logger from "../logger";
import { evaluate_all } from "../regions/evaluation";
import type { Lease } from "../store/lease";
import * as nodes_store from "../store/nodes";
import type { NodeState } from "../store/nodes";
import * as schema from "../store/schema";
import { assess } from "./assessment";
import type { Transition } from "./assessment";
import { without_held } from "./damping";
import * as database_clock from "./database_clock";
import * as fault_scan from "./fault_scan";
import { keep_house } from "./housekeeping";
import * as lease_holder from "./lease";
import { change_status, move_monitors } from "./moves";
import * as records from "./records";
import { begin } from "./round";
import * as second_opinion from "./second_opinion";
import { partition_reason } from "./verdict";
import * as verification from "./verification";

const dict = shared_dict.open("health_checker");

/** Seconds between two looks at what probes say. */
const REGIONS_INTERVAL = 0.9;

function summary(nodes: readonly NodeState[], moved: number): string {
    let online = 0;
    for (const node of nodes) {
        online += node.status === states.ONLINE ? 1 : 0;
    }
    const text = `${online} of ${nodes.length} nodes online`;
    return moved > 0 ? `${text}, ${moved} monitors moved` : text;
}

function act(nodes: readonly NodeState[], transitions: readonly Transition[], lease: Lease, frozen: boolean): string {
    // Whether moved monitors beat is worth knowing, but nothing that a dying node has to wait for.
    const [, look_err] = verification.look(database_clock.age());
    if (look_err !== undefined) {
        logger.warn("HEALTH_CHECK", "%s", look_err);
    }
    const [round, begin_err] = begin(nodes, lease);
    if (round === undefined) {
        return "moves are frozen: " + begin_err;
    }
    for (const transition of without_held(transitions)) {
        const [, err] = change_status(transition, round);
        if (err !== undefined) {
            // What is wrong with one node must not keep the others waiting; the next check comes to the same.
            logger.error("HEALTH_CHECK", "%s", err);
        }
    }
    const [moved, err] = move_monitors(round, frozen);
    if (moved === undefined) {
        return "moves are frozen: " + err;
    }
    if (records.due("regions", REGIONS_INTERVAL)) {
        const [, regions_err] = evaluate_all(lease);
        if (regions_err !== undefined) {
            logger.warn("REGIONS", "%s", regions_err);
        }
    }
    const sentence = summary(nodes, moved);
    keep_house(nodes, sentence);
    return sentence;
}

/** What keeps the failing nodes where they are; recoveries go on all the same. */
function without_falls(transitions: readonly Transition[]): Transition[] {
    const kept: Transition[] = [];
    for (const transition of transitions) {
        if (!second_opinion.is_fall(transition)) {
            table.insert(kept, transition);
        }
    }
    return kept;
}

function round(forced: boolean): string {
    if (dict.raw.get("schema_ready")[0] === undefined) {
        const [ready, err] = schema.ensure();
        if (ready === undefined) {
            return "database is not ready: " + err;
        }
        shared_dict.set(dict, "schema_ready", true);
    }
    const [lease, standby] = lease_holder.hold();
    if (lease === undefined) {
        database_clock.forget();
        dict.raw.delete("known_at");
        fault_scan.forget();
        return standby;
    }
    const [nodes, err] = nodes_store.states();
    if (nodes === undefined) {
        database_clock.forget();
        return "moves are frozen: " + err;
    }
    shared_dict.set(dict, "known_at", clock.now());
    database_clock.note(nodes);
    const [found, probes_err] = second_opinion.revise(
        assess(nodes, forced, database_clock.age()),
        database_clock.age(),
    );
    if (found === undefined) {
        return "moves are frozen: " + probes_err;
    }
    const { transitions, sightings } = found;
    const partition = partition_reason(sightings);
    if (partition === undefined) {
        dict.raw.delete("partition");
        return act(nodes, transitions, lease, false);
    }
    if (shared_dict.take(dict, "partition", true, 0)) {
        records.count("partitions");
    }
    return `${act(nodes, without_falls(transitions), lease, true)}; ${partition}`;
}

function noted_round(forced: boolean): string {
    const started = clock.now();
    const [ok, result] = pcall(round, forced);
    ngx.update_time();
    const sentence = ok ? result : `the round failed: ${result}`;
    if (!ok) {
        logger.error("HEALTH_CHECK", "%s", sentence);
    }
    records.count("rounds");
    if (records.note_round(sentence, math.floor((clock.now() - started) * 1000))) {
        logger.health_check("%s", sentence);
    }
    return sentence;
}

/** Runs a round unless one is running. */
export function run(): void {
    turn.alone(turn.ROUND, () => {
        noted_round(false);
    });
}

/**
 * Runs a round in which every node is checked whether it is due or not.
 * @returns the sentence, or nil when another round takes too long
 */
export function run_by_hand(): string | undefined {
    let sentence: string | undefined;
    turn.alone_in_time(turn.ROUND, () => {
        sentence = noted_round(true);
    });
    return sentence;
}

/** Has the next round look whether all tables are there: another version of this program may need more of them. */
export function forget_schema(): void {
    dict.raw.delete("schema_ready");
}

/** Seconds since a round last read the nodes from the database; nil when none has yet. */
export function knowledge_age(): number | undefined {
    const known_at = shared_dict.get_number(dict, "known_at");
    return known_at === undefined ? undefined : math.floor((clock.now() - known_at) * 1000) / 1000;
}
