/* The answer to a GET that goes on for ever, read line by line over a cosocket. */

import { send } from "./http_client";
import type { Peer } from "./http_client";

export interface LineStream {
    readonly socket: TcpSocket;
    /** Of the answer: the status, and the Content-Type in lower case without its parameters. */
    status: number;
    content_type: string;
    /** What has come and is no whole line yet. */
    buffer: string;
}

/** Bytes of a line, and of the head of the answer. */
const MAX_LINE = 8192;
const MAX_HEAD_LINES = 100;
const CHUNK = 4096;

/** The whole lines that wait in the buffer make this the next one; nil when there is none. */
function take_line(stream: LineStream): string | undefined {
    const [line, rest] = string.match(stream.buffer, "^([^\n]*)\n(.*)$");
    if (line === undefined) {
        return undefined;
    }
    stream.buffer = rest ?? "";
    return string.gsub(line, "\r$", "")[0];
}

/**
 * The next line, without its end.
 * @param timeout_s for the whole line: one that comes in drops is late as well
 * @returns nil and "timeout", "closed", "the line is too long", ...
 */
export function next_line(stream: LineStream, timeout_s: number): Result<string> {
    const deadline = ngx.now() + timeout_s;
    for (;;) {
        const line = take_line(stream);
        if (line !== undefined) {
            return $multi(line);
        }
        if (stream.buffer.length >= MAX_LINE) {
            return $multi(undefined, "the line is too long");
        }
        const left_ms = math.floor((deadline - ngx.now()) * 1000);
        if (left_ms <= 0) {
            return $multi(undefined, "timeout");
        }
        stream.socket.settimeout(left_ms);
        const [data, err, partial] = stream.socket.receiveany(CHUNK);
        const more = data ?? partial ?? "";
        stream.buffer += more;
        if (data === undefined && more === "") {
            return $multi(undefined, err ?? "closed");
        }
    }
}

function read_head(stream: LineStream, timeout_s: number): Result<boolean> {
    const [first, err] = next_line(stream, timeout_s);
    if (first === undefined) {
        return $multi(undefined, err);
    }
    const [status] = string.match(first, "^HTTP/1%.[01] (%d%d%d)");
    if (status === undefined) {
        return $multi(undefined, "not an HTTP answer");
    }
    stream.status = tonumber(status) ?? 0;
    for (let count = 0; count < MAX_HEAD_LINES; count++) {
        const [line, line_err] = next_line(stream, timeout_s);
        if (line === undefined) {
            return $multi(undefined, line_err);
        }
        if (line === "") {
            return $multi(true);
        }
        const [name, value] = string.match(line, "^([%w-]+):%s*([^;%s]*)");
        if (name !== undefined && string.lower(name) === "content-type") {
            stream.content_type = string.lower(value ?? "");
        }
    }
    return $multi(undefined, "the head of the answer is too long");
}

/** Closes the connection. */
export function close(stream: LineStream): void {
    stream.socket.close();
}

/**
 * Sends `GET path` and reads the head of the answer.
 * @param timeout_s of each step
 * @returns the stream, to be closed by the caller; or nil and the cause ("connection refused", "timeout", ...)
 */
export function open(peer: Peer, path: string, timeout_s: number): Result<LineStream> {
    const [socket, send_err] = send("GET", peer, path, timeout_s * 1000);
    if (socket === undefined) {
        return $multi(undefined, send_err);
    }
    const stream: LineStream = { socket, status: 0, content_type: "", buffer: "" };
    const [read, err] = read_head(stream, timeout_s);
    if (read === undefined) {
        close(stream);
        return $multi(undefined, err);
    }
    return $multi(stream);
}
