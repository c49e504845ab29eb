/*
 * Whether a connection failed for want of one on this side. nginx does not tell: without a free connection a cosocket
 * gives the error of whatever system call failed last, often "connection refused".
 */

/** Where nobody need listen: a datagram socket gets its peer without a word to the other side. */
const DISCARD_PORT = 9;

/** Why this worker can open no connection now, whoever is at the other end; nil while it can. */
export function why_no_connection(): string | undefined {
    const socket = ngx.socket.udp();
    const [connected] = socket.setpeername("127.0.0.1", DISCARD_PORT);
    socket.close();
    return connected === undefined ? "no connection is free here: worker_connections, or open files" : undefined;
}
