/* HTTP over a cosocket, one connection for each request. The one home of asking. */

import type { TlsSession } from "./certificate";
import * as clock from "./clock";
import { connect } from "./http_connection";
import type { Connection, Peer } from "./http_connection";
import { encode_request } from "./http_message";
import type { Headers } from "./http_message";
import { read_body, read_head } from "./http_reader";
import { milliseconds_left } from "./socket_reader";

export { find_peer, peer_of_url } from "./http_connection";
export type { Peer } from "./http_connection";

export interface HttpAnswer {
    readonly status: number;
    readonly body: string;
    readonly headers: Headers;
    /** The body may go on: what is above the limit was not read. */
    readonly is_cut: boolean;
    /** Of a connection with TLS; see lib/certificate. */
    readonly tls_session: TlsSession;
}

/** Bytes of an answer that request() reads; a health answer is a few hundred. */
const MAX_ANSWER = 65536;

/**
 * Connects and sends a request without a body. HTTP/1.0 without keep-alive: the answer ends with the connection and is
 * never chunked.
 * @param timeout_ms of each step
 * @param headers lines with their ends
 * @returns the socket, to be closed by the caller; or nil and the cause ("connection refused", "timeout", ...)
 */
export function send(
    method: "GET" | "POST",
    peer: Peer,
    path: string,
    timeout_ms: number,
    headers = "",
): Result<TcpSocket> {
    const [connection, err] = connect(peer, timeout_ms);
    if (connection === undefined) {
        return $multi(undefined, err);
    }
    const { socket } = connection;
    const length = method === "POST" ? "Content-Length: 0\r\n" : "";
    const [sent, send_err] = socket.send(
        `${method} ${path} HTTP/1.0\r\nHost: ${peer.host}\r\nUser-Agent: uptime-kuma-cluster\r\n${length}${headers}` +
            "Connection: close\r\n\r\n",
    );
    if (sent === undefined) {
        socket.close();
        return $multi(undefined, send_err ?? "cannot send");
    }
    return $multi(socket);
}

/** Reads the answer to a request and closes the connection. */
function receive(
    { socket, tls_session }: Connection,
    method: string,
    deadline: number,
    limit: BodyLimit,
): Result<HttpAnswer> {
    const reader = { socket, deadline, buffer: "" };
    const [head, head_err] = read_head(reader);
    if (head === undefined) {
        socket.close();
        return $multi(undefined, head_err);
    }
    const [body, body_err] = read_body(reader, method, head, limit.longest_body);
    socket.close();
    if (body === undefined) {
        return $multi(undefined, body_err);
    }
    if (body.is_cut && limit.may_cut !== true) {
        return $multi(undefined, "answer is too long");
    }
    const { status, headers } = head;
    return $multi({ status, headers, body: body.text, is_cut: body.is_cut, tls_session });
}

/**
 * Sends a request without a body and reads the whole answer.
 * @param timeout_ms of connecting, of sending, and from the beginning to the end of the answer
 * @param headers lines with their ends
 * @returns status and body, or nil and the cause ("connection refused", "timeout", ...)
 */
export function request(
    method: "GET" | "POST",
    peer: Peer,
    path: string,
    timeout_ms: number,
    headers = "",
): Result<HttpAnswer> {
    // For all of it: an answer that comes in drops is late as well.
    const deadline = clock.monotonic() + timeout_ms / 1000;
    const [socket, err] = send(method, peer, path, timeout_ms, headers);
    if (socket === undefined) {
        return $multi(undefined, err);
    }
    return receive({ socket, tls_session: undefined }, method, deadline, { longest_body: MAX_ANSWER });
}

interface BodyLimit {
    /** Bytes of the body that are read. */
    readonly longest_body: number;
    /** A longer one is cut there; else it is an error. */
    readonly may_cut?: boolean;
}

/** A request of any kind. */
export interface HttpRequest extends BodyLimit {
    readonly method: string;
    readonly path: string;
    readonly headers?: Record<string, string>;
    readonly body?: string | undefined;
    /** For all of it, from connecting to the end of the answer. */
    readonly timeout_ms: number;
}

/** Sends a request by HTTP/1.1 and reads the answer; nil and the cause ("connection refused", "timeout", ...). */
export function exchange(peer: Peer, question: HttpRequest): Result<HttpAnswer> {
    const { method, path, timeout_ms } = question;
    const deadline = clock.monotonic() + timeout_ms / 1000;
    const [connection, err] = connect(peer, timeout_ms);
    if (connection === undefined) {
        return $multi(undefined, err);
    }
    const { socket } = connection;
    socket.settimeout(milliseconds_left(deadline) ?? 1);
    const [sent, send_err] = socket.send(
        encode_request(method, path, peer.host, question.headers ?? {}, question.body),
    );
    // A server may answer before it has read all: what it says tells more than that it listened no longer.
    if (sent === undefined && send_err === "timeout") {
        socket.close();
        return $multi(undefined, "timeout");
    }
    return receive(connection, method, deadline, question);
}
