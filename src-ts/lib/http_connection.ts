/* Connections to HTTP servers, with TLS and without. */

import * as ffi from "ffi";
import { get_errmsg_ptr } from "resty.core.base";
import { ip_literal, node_address } from "./address";
import * as certificate from "./certificate";
import type { TlsSession } from "./certificate";
import { doubt, resolve_host } from "./dns";
import type { Url } from "./url";

/** Where a request goes: an IP literal, its port, and the name for the header Host. */
export interface Peer {
    readonly address: string;
    readonly port: number;
    readonly host: string;
    /** Where the address comes from, when it is looked up again after a failure. */
    readonly name: string;
    /** Name that the peer's certificate must have, or its address; without it the connection is not encrypted. */
    readonly tls_name?: string;
    /** Do not look whether its certificate is valid. */
    readonly is_unverified?: boolean;
}

/** The peer behind a node's host (`name`, `name:port`, `ip:port`, `[ipv6]:port`); nil and why its name has no address. */
export function find_peer(host: string): Result<Peer> {
    const [name, port] = node_address(host);
    const [address, err] = resolve_host(name);
    if (address === undefined) {
        return $multi(undefined, err);
    }
    return $multi({ address, port, host, name });
}

/** The peer behind a URL; nil and why its name has no address. */
export function peer_of_url(url: Url): Result<Peer> {
    const { host, port, is_https } = url;
    const [address, err] = resolve_host(host);
    if (address === undefined) {
        return $multi(undefined, err);
    }
    const is_default = port === (is_https ? 443 : 80);
    const header = is_default ? host : `${host}:${string.format("%d", port)}`;
    if (is_https) {
        return $multi({ address, port, host: header, name: host, tls_name: host });
    }
    return $multi({ address, port, host: header, name: host });
}

export interface Connection {
    readonly socket: TcpSocket;
    readonly tls_session: TlsSession;
}

/** Why a certificate that somebody vouches for is not one for this IP address; nil when it is. */
function wrong_address(session: TlsSession, ip: string): string | undefined {
    const matches = certificate.is_for_ip(session, ip);
    if (matches === undefined) {
        return "this nginx cannot read the certificate of an IP address";
    }
    return matches ? undefined : "certificate host mismatch";
}

/**
 * lua-resty-core raises where a handshake is over at once and the certificate is refused, and keeps why (its issue 499,
 * mended after Debian 12's).
 */
function start_tls(
    socket: TcpSocket,
    name: string | undefined,
    is_verified: boolean,
): LuaMultiReturn<[session: TlsSession, err: string | undefined]> {
    let session: TlsSession;
    let err: string | undefined;
    const kept = get_errmsg_ptr();
    // What another socket has left there.
    kept.set(0, undefined);
    const [done, raised] = pcall(() => {
        [session, err] = socket.sslhandshake(undefined, name, is_verified);
    });
    if (!done) {
        const reason = kept.get(0);
        if (reason === undefined) {
            error(raised, 0);
        }
        return $multi(undefined, ffi.string(reason));
    }
    return $multi(session, err);
}

function handshake(socket: TcpSocket, name: string, is_verified: boolean): Result<TlsSession> {
    const [ip] = string.match(ip_literal(name) ?? "", "^%[?([^%]]+)%]?$");
    // nginx looks for names only, and an address is no name to ask for (RFC 6066, 3).
    const [session, err] = start_tls(socket, ip === undefined ? name : undefined, is_verified);
    if (session === undefined) {
        return $multi(undefined, `TLS: ${string.gsub(err ?? "no session", "^%d+: ", "")[0]}`);
    }
    const problem = ip === undefined || !is_verified ? undefined : wrong_address(session, ip);
    if (problem !== undefined) {
        return $multi(undefined, `TLS: ${problem}`);
    }
    return $multi(session);
}

/** Connects, with TLS where the peer wants it; nil and the cause. `timeout_ms` of each step. */
export function connect(peer: Peer, timeout_ms: number): Result<Connection> {
    const [socket, socket_err] = ngx.socket.tcp();
    if (socket === undefined) {
        return $multi(undefined, socket_err);
    }
    socket.settimeout(timeout_ms);
    const [connected, connect_err] = socket.connect(peer.address, peer.port);
    if (connected === undefined) {
        doubt(peer.name);
        return $multi(undefined, connect_err ?? "cannot connect");
    }
    if (peer.tls_name === undefined) {
        return $multi({ socket, tls_session: undefined });
    }
    const [tls_session, tls_err] = handshake(socket, peer.tls_name, peer.is_unverified !== true);
    if (tls_err !== undefined) {
        socket.close();
        return $multi(undefined, tls_err);
    }
    return $multi({ socket, tls_session });
}
