/* The answer to a GET that goes on for ever, read line by line over a cosocket. */
import * as clock from "./clock";
import { send } from "./http_client";
import type { Peer } from "./http_client";
import { read_head } from "./http_reader";
import { read_line } from "./socket_reader";
import type { Reader } from "./socket_reader";

export interface LineStream extends Reader {
    /** Of the line that is read now. */
    deadline: number;
    /** Of the answer: the status, and the Content-Type in lower case without its parameters. */
    readonly status: number;
    readonly content_type: string;
}

const LONGEST_LINE = 8192;

/**
 * The next line, without its end.
 * @param timeout_s for the whole line: one that comes in drops is late as well
 * @returns nil and "timeout", "closed", "the line is too long", ...
 */
export function next_line(stream: LineStream, timeout_s: number): Result<string> {
    stream.deadline = clock.monotonic() + timeout_s;
    return read_line(stream, LONGEST_LINE);
}

/** Closes the connection. */
export function close(stream: LineStream): void {
    stream.socket.close();
}

/**
 * Sends `GET path` and reads the head of the answer.
 * @param timeout_s of connecting, of sending, and of the whole head
 * @returns the stream, to be closed by the caller; or nil and the cause ("connection refused", "timeout", ...)
 */
export function open(peer: Peer, path: string, timeout_s: number): Result<LineStream> {
    const [socket, send_err] = send("GET", peer, path, timeout_s * 1000);
    if (socket === undefined) {
        return $multi(undefined, send_err);
    }
    const reader: Reader = { socket, deadline: clock.monotonic() + timeout_s, buffer: "" };
    const [head, err] = read_head(reader);
    if (head === undefined) {
        socket.close();
        return $multi(undefined, err);
    }
    const [content_type] = string.match(head.headers["content-type"] ?? "", "^([^;%s]*)");
    return $multi({
        socket,
        deadline: reader.deadline,
        buffer: reader.buffer,
        status: head.status,
        content_type: string.lower(content_type ?? ""),
    });
}
