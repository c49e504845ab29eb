/* Reads an HTTP answer from a connection: its head, and its body up to a limit. */
import { NO_BODY, add_header_line, framing_of, parse_chunk_size, parse_status_line } from "./http_message";
import type { Framing, Head, Headers } from "./http_message";
import { read_line, read_part } from "./socket_reader";
import type { Reader } from "./socket_reader";

export interface Body {
    readonly text: string;
    /** There may be more of it: what is above the limit was not read. */
    readonly is_cut: boolean;
}

const LONGEST_LINE = 16384;
const HEADERS_MAX = 200;
/** Answers before the one that counts, as 103 Early Hints. */
const INTERIM_MAX = 10;

interface Sink {
    readonly parts: string[];
    size: number;
    readonly most: number;
}

function read_status(reader: Reader): Result<number> {
    const [line, err] = read_line(reader, LONGEST_LINE);
    if (line === undefined) {
        const is_garbage = reader.buffer !== "" && err !== "timeout";
        return $multi(undefined, is_garbage ? "not an HTTP answer" : err);
    }
    const status = parse_status_line(line);
    if (status === undefined) {
        return $multi(undefined, "not an HTTP answer");
    }
    return $multi(status);
}

function read_one_head(reader: Reader): Result<Head> {
    const [status, status_err] = read_status(reader);
    if (status === undefined) {
        return $multi(undefined, status_err);
    }
    const headers: Headers = {};
    for (let count = 0; count <= HEADERS_MAX; count++) {
        const [line, err] = read_line(reader, LONGEST_LINE);
        if (line === undefined) {
            return $multi(undefined, err);
        }
        if (line === "") {
            return $multi({ status, headers });
        }
        add_header_line(headers, line);
    }
    return $multi(undefined, "the head of the answer is too long");
}

/** The head of the final answer. */
export function read_head(reader: Reader): Result<Head> {
    for (let count = 0; count <= INTERIM_MAX; count++) {
        const [head, err] = read_one_head(reader);
        if (head === undefined) {
            return $multi(undefined, err);
        }
        if (head.status >= 200 || head.status === 101) {
            return $multi(head);
        }
    }
    return $multi(undefined, "too many interim answers");
}

/** Reads `length` bytes into the sink, or as many as it takes. */
function fill(reader: Reader, sink: Sink, length: number): Result<boolean> {
    let left = length;
    while (left > 0 && sink.size < sink.most) {
        const [part, err] = read_part(reader, math.min(left, sink.most - sink.size));
        if (part === undefined) {
            return $multi(undefined, err);
        }
        table.insert(sink.parts, part);
        sink.size += part.length;
        left -= part.length;
    }
    return $multi(true);
}

function early(err: string): string {
    return err === "closed" ? "the answer ends early" : err;
}

function fill_by_chunks(reader: Reader, sink: Sink): Result<boolean> {
    while (sink.size < sink.most) {
        const [line, line_err] = read_line(reader, LONGEST_LINE);
        const size = line === undefined ? undefined : parse_chunk_size(line);
        if (size === undefined) {
            return $multi(undefined, line_err === undefined ? "the answer has a wrong chunk" : early(line_err));
        }
        if (size === 0) {
            // What stands behind the last chunk changes nothing of the body.
            return $multi(true);
        }
        const [filled, err] = fill(reader, sink, size);
        if (filled === undefined) {
            return $multi(undefined, early(err));
        }
        if (sink.size < sink.most) {
            const [end, end_err] = read_line(reader, LONGEST_LINE);
            if (end !== "") {
                return $multi(undefined, end === undefined ? early(end_err) : "the answer has a wrong chunk");
            }
        }
    }
    return $multi(true);
}

function fill_by(reader: Reader, sink: Sink, framing: Framing): Result<boolean> {
    if (framing === "chunked") {
        return fill_by_chunks(reader, sink);
    }
    if (framing !== "close") {
        const [filled, err] = fill(reader, sink, framing);
        if (filled === undefined) {
            return $multi(undefined, early(err));
        }
        return $multi(true);
    }
    const [filled, err] = fill(reader, sink, math.huge);
    if (filled === undefined && err !== "closed") {
        return $multi(undefined, err);
    }
    return $multi(true);
}

/** The body of an answer to a request of this method, `most` bytes of it at most. */
export function read_body(reader: Reader, method: string, head: Head, most: number): Result<Body> {
    const [framing, framing_err] = framing_of(method, head);
    if (framing === undefined) {
        return $multi(undefined, framing_err);
    }
    if (framing === NO_BODY) {
        return $multi({ text: "", is_cut: false });
    }
    const sink: Sink = { parts: [], size: 0, most };
    const [filled, err] = fill_by(reader, sink, framing);
    if (filled === undefined) {
        return $multi(undefined, err);
    }
    return $multi({ text: table.concat(sink.parts), is_cut: sink.size >= most && framing !== most });
}
