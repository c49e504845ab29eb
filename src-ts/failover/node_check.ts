/* Checks nodes over HTTP, all of them at the same time, none of them holding up another. */
import * as clock from "../lib/clock";
import { doubt } from "../lib/dns";
import * as http_client from "../lib/http_client";
import * as json from "../lib/json";
import { why_no_connection } from "../lib/own_fault";
import * as shared_dict from "../lib/shared_dict";
import * as logger from "../logger";
import type { Observation } from "./verdict";

const HEALTH_PATH = "/api/v1/health";

export interface NodeTarget {
    readonly node_id: string;
    readonly host: string;
    readonly timeout_ms: number;
}

/** What the check of a node came to. */
export interface NodeCheck extends Observation {
    readonly node_id: string;
    /** Unix time of its start. */
    readonly started: number;
    readonly latency_ms: number;
}

/** Seconds for which a round waits for the checks that it starts: most nodes have answered by then. */
const PATIENCE = 0.3;
const LOOK = 0.01;

const LONGEST_REASON = 300;

/** Seconds after which a result that nobody collected is void. */
const RESULT_TTL = 30;

/** Seconds between two lines about checks that could not be made. */
const TELL_INTERVAL = 10;

const dict = shared_dict.open("health_checker");

function refusal(answer: http_client.HttpAnswer): string {
    const [body] = json.decode<{ status?: string; reason?: string }>(answer.body);
    const said = typeof body === "object" ? (body.reason ?? body.status) : undefined;
    return said === undefined ? `answered ${answer.status}` : `answered ${answer.status}: ${said}`;
}

/** An answer of the node that the database knows under this id; another one behind the address does not count. */
function judge_answer(target: NodeTarget, answer: http_client.HttpAnswer): Observation {
    if (answer.status !== 200) {
        return { ok: false, reason: refusal(answer) };
    }
    const [body] = json.decode<{ node_id?: string }>(answer.body);
    const node_id = typeof body === "object" ? body.node_id : undefined;
    if (node_id === undefined) {
        return { ok: false, reason: `${HEALTH_PATH} is not the agent's answer: is the agent loaded?` };
    }
    if (node_id !== target.node_id) {
        return { ok: false, reason: `${target.host} is node ${node_id}, not ${target.node_id}` };
    }
    return { ok: true, reason: "answered" };
}

function observe(target: NodeTarget): Observation {
    const [peer, peer_err] = http_client.find_peer(target.host);
    if (peer === undefined) {
        return { ok: false, reason: peer_err };
    }
    const [answer, err] = http_client.request("GET", peer, HEALTH_PATH, target.timeout_ms);
    const seen = answer === undefined ? { ok: false, reason: err } : judge_answer(target, answer);
    if (!seen.ok) {
        // Whoever has the address now need not be the node.
        doubt(peer.name);
    }
    return seen;
}

/** What a node said, fit for a line of a log and a column of a table. */
function brief(text: string): string {
    return string.gsub(string.sub(text, 1, LONGEST_REASON), "[^\x20-\x7e]", "?")[0];
}

/** True when it is this side that has no connection left: that says nothing of the node. */
function is_own_fault(target: NodeTarget): boolean {
    const fault = why_no_connection();
    if (fault !== undefined && shared_dict.take(dict, "own_fault", true, TELL_INTERVAL)) {
        logger.warn("HEALTH_CHECK", "%s and perhaps others cannot be checked: %s", target.node_id, fault);
    }
    return fault !== undefined;
}

/** Checks one node; nil when it could not. Never raises. */
function check(target: NodeTarget): NodeCheck | undefined {
    const started = clock.now();
    const [done, seen] = pcall(observe, target);
    ngx.update_time();
    const latency_ms = math.floor((clock.now() - started) * 1000);
    const { ok, reason }: Observation = done ? seen : { ok: false, reason: tostring(seen) };
    if (!ok && is_own_fault(target)) {
        return undefined;
    }
    return { node_id: target.node_id, started, latency_ms, ok, reason: brief(reason) };
}

/** Starts a check unless one of that node is under way; `done` is called at its end. */
function start(target: NodeTarget, done: () => void): boolean {
    const key = "checking:" + target.node_id;
    if (!shared_dict.take(dict, key, true, target.timeout_ms / 1000 + 2)) {
        return false;
    }
    ngx.thread.spawn(() => {
        const result = check(target);
        if (result !== undefined) {
            shared_dict.set(dict, "result:" + target.node_id, json.encode(result), RESULT_TTL);
        }
        dict.raw.delete(key);
        done();
    });
    return true;
}

/**
 * Starts checks of all the targets at once. Comes back when they have ended, or after a moment: a node that takes its
 * time delays nobody, the next round finds its result. `patient` waits for the slowest.
 */
export function start_all(targets: readonly NodeTarget[], patient: boolean): void {
    let open = 0;
    for (const target of targets) {
        open += 1;
        const is_started = start(target, () => {
            open -= 1;
        });
        open -= is_started ? 0 : 1;
    }
    const started = clock.now();
    while (open > 0 && (patient || clock.now() - started < PATIENCE)) {
        ngx.sleep(LOOK);
    }
}

/** True while a check of the node is under way. */
export function is_running(node_id: string): boolean {
    return dict.raw.get("checking:" + node_id)[0] !== undefined;
}

/** The result of a check that has ended since the last call, or nil. */
export function collect(node_id: string): NodeCheck | undefined {
    const key = "result:" + node_id;
    const text = shared_dict.get_text(dict, key);
    if (text === undefined) {
        return undefined;
    }
    dict.raw.delete(key);
    return json.decode<NodeCheck>(text)[0];
}
