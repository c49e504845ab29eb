/* A short request over a cosocket: one connection, one short answer. For what the load balancer asks the nodes. */

import { node_address } from "./address";
import * as clock from "./clock";
import { resolve_host } from "./dns";
import type { Url } from "./url";

export type Method = "GET" | "POST" | "PATCH" | "DELETE";

export interface HttpAnswer {
    readonly status: number;
    readonly body: string;
}

/** Bytes of an answer that are read; a health answer is a few hundred. */
const MAX_ANSWER = 65536;

function read_all(socket: TcpSocket, deadline: number): Result<string> {
    const chunks: string[] = [];
    let size = 0;
    while (size < MAX_ANSWER) {
        const left_ms = math.floor((deadline - clock.now()) * 1000);
        if (left_ms <= 0) {
            return $multi(undefined, "timeout");
        }
        socket.settimeout(left_ms);
        const [chunk, err, partial] = socket.receiveany(8192);
        const data = chunk ?? partial;
        if (data !== undefined) {
            table.insert(chunks, data);
            size += data.length;
        }
        if (chunk === undefined) {
            if (err === "closed" && size > 0) {
                return $multi(table.concat(chunks));
            }
            return $multi(undefined, err ?? "closed");
        }
    }
    return $multi(undefined, "answer is too long");
}

function parse(answer: string): Result<HttpAnswer> {
    const [status, rest] = string.match(answer, "^HTTP/1%.[01] (%d%d%d)(.*)$");
    if (status === undefined) {
        return $multi(undefined, "not an HTTP answer");
    }
    const [, body] = string.match(rest ?? "", "^(.-)\r\n\r\n(.*)$");
    return $multi({ status: tonumber(status) ?? 0, body: body ?? "" });
}

/** Where a request goes: an IP literal, its port, and the name for the header Host. */
export interface Peer {
    readonly address: string;
    readonly port: number;
    readonly host: string;
    /** Name that the peer's certificate must have; without it the connection is not encrypted. */
    readonly tls_name?: string;
}

/** The peer behind a node's host (`name`, `name:port`, `ip:port`, `[ipv6]:port`); nil and why its name has no address. */
export function find_peer(host: string): Result<Peer> {
    const [name, port] = node_address(host);
    const [address, err] = resolve_host(name);
    if (address === undefined) {
        return $multi(undefined, err);
    }
    return $multi({ address, port, host });
}

/** The peer behind a URL; nil and why its name has no address. */
export function peer_of_url(url: Url): Result<Peer> {
    const { host, port, is_https } = url;
    const [address, err] = resolve_host(host);
    if (address === undefined) {
        return $multi(undefined, err);
    }
    const name = `${host}:${string.format("%d", port)}`;
    return $multi(is_https ? { address, port, host: name, tls_name: host } : { address, port, host: name });
}

function connect({ address, port, tls_name }: Peer, timeout_ms: number): Result<TcpSocket> {
    const [socket, socket_err] = ngx.socket.tcp();
    if (socket === undefined) {
        return $multi(undefined, socket_err);
    }
    socket.settimeout(timeout_ms);
    const [connected, connect_err] = socket.connect(address, port);
    if (connected === undefined) {
        return $multi(undefined, connect_err ?? "cannot connect");
    }
    if (tls_name !== undefined) {
        const [session, tls_err] = socket.sslhandshake(undefined, tls_name, true);
        if (session === undefined) {
            return $multi(undefined, `TLS: ${tls_err}`);
        }
    }
    return $multi(socket);
}

/**
 * Connects and sends a request. HTTP/1.0 without keep-alive: the answer ends with the connection and is
 * never chunked.
 * @param timeout_ms of each step
 * @param headers lines with their ends
 * @returns the socket, to be closed by the caller; or nil and the cause ("connection refused", "timeout", ...)
 */
export function send(
    method: Method,
    peer: Peer,
    path: string,
    timeout_ms: number,
    headers = "",
    body = "",
): Result<TcpSocket> {
    const [socket, err] = connect(peer, timeout_ms);
    if (socket === undefined) {
        return $multi(undefined, err);
    }
    const length = method === "GET" ? "" : `Content-Length: ${string.format("%d", body.length)}\r\n`;
    const [sent, send_err] = socket.send(
        `${method} ${path} HTTP/1.0\r\nHost: ${peer.host}\r\nUser-Agent: uptime-kuma-cluster\r\n${length}${headers}` +
            "Connection: close\r\n\r\n" +
            body,
    );
    if (sent === undefined) {
        socket.close();
        return $multi(undefined, send_err ?? "cannot send");
    }
    return $multi(socket);
}

/**
 * Sends a request and reads the whole answer.
 * @param timeout_ms of connecting, of sending, and from the beginning to the end of the answer
 * @param headers lines with their ends
 * @returns status and body, or nil and the cause ("connection refused", "timeout", ...)
 */
export function request(
    method: Method,
    peer: Peer,
    path: string,
    timeout_ms: number,
    headers = "",
    body = "",
): Result<HttpAnswer> {
    // For all of it: an answer that comes in drops is late as well.
    const deadline = clock.now() + timeout_ms / 1000;
    const [socket, err] = send(method, peer, path, timeout_ms, headers, body);
    if (socket === undefined) {
        return $multi(undefined, err);
    }
    const [answer, read_err] = read_all(socket, deadline);
    socket.close();
    if (answer === undefined) {
        return $multi(undefined, read_err);
    }
    return parse(answer);
}
