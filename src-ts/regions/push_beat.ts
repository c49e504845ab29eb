/* Tells Uptime Kuma a verdict as a beat of a push monitor, at the node that runs it. */
import * as http_client from "../lib/http_client";
import * as logger from "../logger";
import { push_target } from "../store/push_monitors";
import type { Outcome } from "./aggregate";

const TIMEOUT_MS = 5000;

function push(monitor_id: number, { verdict, message, ping_ms }: Outcome): string | undefined {
    const [target, err] = push_target(monitor_id);
    if (target === undefined) {
        return err ?? "no node runs it";
    }
    const [peer, peer_err] = http_client.find_peer(target.host);
    if (peer === undefined) {
        return peer_err;
    }
    const ping = ping_ms === undefined ? "" : `&ping=${string.format("%.1f", ping_ms)}`;
    const path = `/api/push/${target.token}?status=${verdict}&msg=${ngx.escape_uri(message)}${ping}`;
    const [answer, request_err] = http_client.request("GET", peer, path, TIMEOUT_MS);
    if (answer === undefined) {
        return request_err;
    }
    return answer.status === 200 ? undefined : `answered ${answer.status}`;
}

/** Sends the beat without waiting for it; `failed` is called when Uptime Kuma did not take it. */
export function tell_kuma(monitor_id: number, outcome: Outcome, failed: (this: void) => void): void {
    ngx.thread.spawn(() => {
        const [ok, problem] = pcall(push, monitor_id, outcome);
        if (!ok || problem !== undefined) {
            logger.warn("REGIONS", "monitor %d cannot be told that it is %s: %s", monitor_id, outcome.verdict, problem);
            failed();
        }
    });
}
