/*
 * Whether the probe's own connection works: it reaches one of PROBE_WITNESS or, when none is set, its leader. A probe that
 * does not has nothing to say about others.
 */
import * as config from "../config";
import * as clock from "../lib/clock";
import type { Endpoint } from "../lib/endpoint";
import { exchange, peer_of_url } from "../lib/http_client";
import { milliseconds_left } from "../lib/socket_reader";
import { why_unreachable } from "./checks/tcp";

/** Seconds for which a look is good, and for which one may last. */
const FRESH = 5;
const LONGEST_LOOK = 3;
const LONGEST_BODY = 1024;

let looked_at = -FRESH;
let known: string | undefined;
let is_looking = false;

function listed(): readonly Endpoint[] {
    if (config.probes.witnesses.length > 0) {
        return config.probes.witnesses;
    }
    const leaders: Endpoint[] = [];
    for (const { text, host, port } of config.peers.urls) {
        table.insert(leaders, { text, host, port });
    }
    return leaders;
}

/** Any answer will do: somebody is there. */
function why_no_answer({ url, host, port }: Endpoint, deadline: number): string | undefined {
    if (url === undefined) {
        return why_unreachable(host, port, deadline);
    }
    const [peer, peer_err] = peer_of_url(url);
    if (peer === undefined) {
        return peer_err;
    }
    const [answer, err] = exchange(peer, {
        method: "GET",
        path: url.path,
        timeout_ms: milliseconds_left(deadline) ?? 1,
        longest_body: LONGEST_BODY,
        may_cut: true,
    });
    return answer === undefined ? err : undefined;
}

function look(): string | undefined {
    const witnesses = listed();
    const failures: string[] = [];
    for (const witness of witnesses) {
        const failure = why_no_answer(witness, clock.monotonic() + LONGEST_LOOK / witnesses.length);
        if (failure === undefined) {
            return undefined;
        }
        table.insert(failures, `${witness.text}: ${failure}`);
    }
    return table.concat(failures, "; ");
}

/** Nil when a witness answers; else what each of them came to. Checks that fail together share one look. */
export function why_cut_off(): string | undefined {
    const deadline = clock.monotonic() + LONGEST_LOOK;
    while (is_looking && clock.monotonic() < deadline) {
        ngx.sleep(0.05);
    }
    if (clock.monotonic() - looked_at < FRESH) {
        return known;
    }
    is_looking = true;
    const [done, result] = pcall(look);
    is_looking = false;
    known = done ? result : tostring(result);
    looked_at = clock.monotonic();
    return known;
}
