/* Checks nodes over HTTP, all of them at the same time. */
import { node_address } from "../lib/address";
import * as clock from "../lib/clock";
import { resolve_host } from "../lib/dns";
import * as http_client from "../lib/http_client";
import * as json from "../lib/json";
import type { Observation } from "./verdict";

export const HEALTH_PATH = "/api/v1/health";

export interface ProbeTarget {
    readonly node_id: string;
    readonly host: string;
    readonly timeout_ms: number;
}

export interface ProbeResult extends Observation {
    readonly node_id: string;
    readonly latency_ms: number;
}

function refusal(answer: http_client.HttpAnswer): string {
    const [body] = json.decode<{ status?: string; reason?: string }>(answer.body);
    const said = typeof body === "object" ? (body.reason ?? body.status) : undefined;
    return said === undefined ? `answered ${answer.status}` : `answered ${answer.status}: ${said}`;
}

/** An answer of the node that the database knows under this id; another one behind the address does not count. */
function judge_answer(target: ProbeTarget, answer: http_client.HttpAnswer): Observation {
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

function observe(target: ProbeTarget): Observation {
    const [name, port] = node_address(target.host);
    const [address, dns_err] = resolve_host(name);
    if (address === undefined) {
        return { ok: false, reason: `cannot resolve ${name}: ${dns_err}` };
    }
    const [answer, err] = http_client.get(address, port, target.host, HEALTH_PATH, target.timeout_ms);
    return answer === undefined ? { ok: false, reason: err } : judge_answer(target, answer);
}

/** Checks one node. Never raises. */
export function check(target: ProbeTarget): ProbeResult {
    const started = clock.now();
    const [done, seen] = pcall(observe, target);
    ngx.update_time();
    const latency_ms = math.floor((clock.now() - started) * 1000);
    const observation: Observation = done ? seen : { ok: false, reason: tostring(seen) };
    return { node_id: target.node_id, latency_ms, ok: observation.ok, reason: observation.reason };
}

/** Checks all targets at once and waits for the slowest. */
export function check_all(targets: readonly ProbeTarget[]): ProbeResult[] {
    const results: ProbeResult[] = [];
    const threads: LightThread[] = [];
    for (const target of targets) {
        table.insert(
            threads,
            ngx.thread.spawn(() => {
                table.insert(results, check(target));
            }),
        );
    }
    for (const thread of threads) {
        ngx.thread.wait(thread);
    }
    return results;
}
