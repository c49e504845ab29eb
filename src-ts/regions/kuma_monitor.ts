/* The push monitor that a check is in Uptime Kuma: made, renamed, paused and removed over the API of a node. */
import * as config from "../config";
import * as http_client from "../lib/http_client";
import * as json from "../lib/json";
import * as states from "../lib/states";
import { contains } from "../lib/text";
import * as nodes_store from "../store/nodes";
import type { CheckFields } from "./check_input";

const TIMEOUT_MS = 20000;
const LONGEST_ANSWER = 1048576;

/** Seconds that may go by without a beat though all is well: until probes know of a check and begin, or another leads. */
const LONGEST_GAP = 75;

interface MonitorAnswer {
    readonly id?: number;
    readonly message?: string;
}

/** What Uptime Kuma is told of a check. It says by itself that none comes when that takes long. */
function monitor_of({ name, interval, active }: CheckFields): Record<string, unknown> {
    return {
        type: "push",
        name,
        interval: interval * 2 + LONGEST_GAP,
        maxretries: 0,
        active,
        description: "Checked from several places by Uptime Kuma Cluster.",
    };
}

function call(host: string, method: string, path: string, body?: unknown): Result<http_client.HttpAnswer> {
    const [peer, peer_err] = http_client.find_peer(host);
    if (peer === undefined) {
        return $multi(undefined, peer_err);
    }
    let text: string | undefined;
    if (body !== undefined) {
        text = json.encode(body);
    }
    return http_client.exchange(peer, {
        method,
        path: "/api/v1" + path,
        headers: { "X-Cluster-Secret": config.secrets.current, "Content-Type": "application/json" },
        body: text,
        timeout_ms: TIMEOUT_MS,
        longest_body: LONGEST_ANSWER,
    });
}

/** True when a request that failed may be sent to another node: whoever was asked to make something may have done it. */
function may_ask_next(method: string, cause: string): boolean {
    return method !== "POST" || contains(cause, "refused");
}

/** Asks online nodes one after the other until one answers; its answer, or nil and why. */
function ask(method: string, path: string, body?: unknown): Result<http_client.HttpAnswer> {
    const [nodes, err] = nodes_store.list();
    if (nodes === undefined) {
        return $multi(undefined, err);
    }
    let failure = "no node is online";
    for (const node of nodes) {
        if (node.status === states.ONLINE) {
            const [answer, call_err] = call(node.host, method, path, body);
            if (answer !== undefined) {
                return $multi(answer);
            }
            failure = `${node.node_id}: ${call_err}`;
            if (!may_ask_next(method, call_err)) {
                break;
            }
        }
    }
    return $multi(undefined, failure);
}

function refusal({ status, body }: http_client.HttpAnswer): string {
    const [said] = json.decode<MonitorAnswer>(body);
    const message = typeof said === "object" ? said.message : undefined;
    return `Uptime Kuma answered ${string.format("%d", status)}${message === undefined ? "" : ": " + message}`;
}

/** Makes the push monitor of a check; returns its id. */
export function create(fields: CheckFields): Result<number> {
    const [answer, err] = ask("POST", "/monitors", monitor_of(fields));
    if (answer === undefined) {
        return $multi(undefined, err);
    }
    const [monitor] = json.decode<MonitorAnswer>(answer.body);
    if (answer.status !== 201 || monitor?.id === undefined) {
        return $multi(undefined, refusal(answer));
    }
    return $multi(monitor.id);
}

/** Has the push monitor follow what the check has become. False when somebody has deleted it. */
export function update(monitor_id: number, fields: CheckFields): Result<boolean> {
    const [answer, err] = ask("PATCH", `/monitors/${string.format("%d", monitor_id)}`, monitor_of(fields));
    if (answer === undefined) {
        return $multi(undefined, err);
    }
    if (answer.status === 200 || answer.status === 404) {
        return $multi(answer.status === 200);
    }
    return $multi(undefined, refusal(answer));
}

/** Deletes the push monitor, with its history. */
export function remove(monitor_id: number): Result<true> {
    const [answer, err] = ask("DELETE", `/monitors/${string.format("%d", monitor_id)}`);
    if (answer === undefined) {
        return $multi(undefined, err);
    }
    if (answer.status === 200 || answer.status === 404) {
        return $multi(true);
    }
    return $multi(undefined, refusal(answer));
}
