/* One check from its beginning to what is reported of it. Never raises. */
import * as clock from "../lib/clock";
import { why_no_connection } from "../lib/own_fault";
import { one_line, shorten } from "../lib/text";
import * as logger from "../logger";
import { check as check_dns } from "./checks/dns";
import { check as check_http } from "./checks/http";
import { check as check_tcp } from "./checks/tcp";
import { down, explain } from "./finding";
import type { Finding } from "./finding";
import * as witness from "./witness";

/** Bytes of a message. */
const LONGEST_MESSAGE = 200;

export interface Reported {
    readonly status: ProbeResult["status"];
    readonly ping_ms?: number | undefined;
    readonly message: string;
    /** When the check ended, by clock.monotonic(). */
    readonly at: number;
}

type Check = (this: void, target: CheckTarget, timeout_ms: number) => Finding;

const CHECKS = { http: check_http, tcp: check_tcp, dns: check_dns } as Record<CheckKind, Check>;

/** Whatever a check waits for, its time ends: also what waits inside for longer than it was told, as a name server. */
function check_in_time({ kind, target, timeout_ms }: Assignment): Finding | undefined {
    const work = ngx.thread.spawn(CHECKS[kind], target, timeout_ms);
    const limit = ngx.thread.spawn(() => {
        ngx.sleep(timeout_ms / 1000);
        return down(explain("timeout", timeout_ms));
    });
    const [ok, finding] = ngx.thread.wait(work, limit);
    ngx.thread.kill(work);
    ngx.thread.kill(limit);
    if (!ok) {
        logger.error("PROBE", "a check of kind %s failed: %s", kind, finding);
        return undefined;
    }
    return finding as Finding;
}

/** Why what looks down may be the probe's own fault; nil when it is not. */
function why_not_down(): string | undefined {
    const fault = why_no_connection();
    if (fault !== undefined) {
        return fault;
    }
    const cut_off = witness.why_cut_off();
    return cut_off === undefined ? undefined : `the probe cannot reach its witness either (${cut_off})`;
}

/** Runs a check, in a timer of its own; down only when the probe's own connection works. */
export function run_check(assignment: Assignment): Reported {
    const finding = check_in_time(assignment);
    const at = clock.monotonic();
    if (finding === undefined) {
        return { status: "abstain", message: "the probe failed in this check; its log says why", at };
    }
    const { status, ping_ms, message } = finding;
    const own_fault = status === "down" ? why_not_down() : undefined;
    if (own_fault !== undefined) {
        const sentence = `${own_fault}; the check: ${message}`;
        return { status: "abstain", message: shorten(one_line(sentence), LONGEST_MESSAGE), at };
    }
    return { status, ping_ms, message: shorten(one_line(message), LONGEST_MESSAGE), at };
}
