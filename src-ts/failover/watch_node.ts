/* Follows one node over a standing connection, for as long as it is told to. */
import * as clock from "../lib/clock";
import { find_peer } from "../lib/http_client";
import * as line_stream from "../lib/line_stream";
import type { LineStream } from "../lib/line_stream";
import * as watch_records from "./watch_records";
import { backoff, read_tick } from "./tick";

const WATCH_PATH = "/api/v1/watch";

/** Seconds without a tick, of which there is one each second, after which a node counts as silent. */
const SILENCE = 3;
/** Seconds after which a node that has nothing to be watched by is asked again: it may have been upgraded. */
const UNSUPPORTED_RETRY = 60;
/** Seconds for which a connection must have been good for the next one to be tried without much waiting. */
const STEADY = 10;

export interface Subject {
    readonly node_id: string;
    /** As the database has it. */
    readonly host: string;
    /** Set from outside: the thread ends at the next tick, or when it is silent. */
    is_dropped: boolean;
}

function connect(subject: Subject): Result<LineStream> {
    const [peer, err] = find_peer(subject.host);
    if (peer === undefined) {
        return $multi(undefined, err);
    }
    return line_stream.open(peer, WATCH_PATH, SILENCE);
}

/** Why an answer is not one to wait for more of; nil when it is. */
function refusal(stream: LineStream): string | undefined {
    if (stream.status !== 200) {
        return `${WATCH_PATH} answers ${stream.status}`;
    }
    return stream.content_type === "application/x-ndjson" ? undefined : `${WATCH_PATH} is not the agent's`;
}

/** Reads ticks until the connection is good for nothing; returns why. */
function follow(subject: Subject, stream: LineStream): string {
    const { node_id } = subject;
    while (!subject.is_dropped) {
        const [line, err] = line_stream.next_line(stream, SILENCE);
        if (line === undefined) {
            return err === "timeout" ? `no sign of life for ${SILENCE} s` : `the connection ended: ${err}`;
        }
        const [tick, cause] = read_tick(line, node_id);
        if (tick === undefined) {
            return cause;
        }
        watch_records.note_tick(node_id);
        if (tick.ok) {
            watch_records.note_well(node_id);
        } else {
            watch_records.note_loss(node_id, tick.reason);
        }
    }
    return "dropped";
}

/** One connection from its beginning to its end. Returns the seconds to wait before the next, nil for the back-off. */
function attempt(subject: Subject): number | undefined {
    const [stream, err] = connect(subject);
    if (stream === undefined) {
        watch_records.note_loss(subject.node_id, err);
        return undefined;
    }
    const refused = refusal(stream);
    // A server error passes; any other answer is that of a node without this route.
    if (refused !== undefined && stream.status < 500) {
        line_stream.close(stream);
        watch_records.note_unsupported(subject.node_id, refused);
        return UNSUPPORTED_RETRY;
    }
    const cause = refused ?? follow(subject, stream);
    line_stream.close(stream);
    if (!subject.is_dropped) {
        watch_records.note_loss(subject.node_id, cause);
    }
    return undefined;
}

function rest(subject: Subject, seconds: number): void {
    const until = clock.monotonic() + seconds;
    while (!subject.is_dropped && clock.monotonic() < until) {
        ngx.sleep(math.max(0.001, math.min(1, until - clock.monotonic())));
    }
}

/** Watches a node until it is dropped. */
export function watch(subject: Subject): void {
    let failures = 0;
    while (!subject.is_dropped) {
        const started = clock.monotonic();
        const pause = attempt(subject);
        failures = clock.monotonic() - started >= STEADY ? 1 : failures + 1;
        rest(subject, pause ?? backoff(failures));
    }
}
