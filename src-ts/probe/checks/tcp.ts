/* The check of kind tcp: somebody takes the connection. */
import * as clock from "../../lib/clock";
import { resolve_host } from "../../lib/dns";
import { milliseconds_left } from "../../lib/socket_reader";
import { down, explain, up } from "../finding";
import type { Finding } from "../finding";

/** Nil when somebody took the connection until the deadline (clock.monotonic()), else why nobody did. */
export function why_unreachable(host: string, port: number, deadline: number): string | undefined {
    const [address, resolve_err] = resolve_host(host);
    if (address === undefined) {
        return resolve_err;
    }
    const left = milliseconds_left(deadline);
    const [socket, socket_err] = ngx.socket.tcp();
    if (left === undefined || socket === undefined) {
        return socket_err ?? "timeout";
    }
    socket.settimeout(left);
    const [connected, err] = socket.connect(address, port);
    if (connected === undefined) {
        return err ?? "cannot connect";
    }
    socket.close();
    return undefined;
}

/** Checks once; never raises for whatever the other side does. */
export function check({ host, port }: TcpTarget, timeout_ms: number): Finding {
    const started = clock.monotonic();
    const problem = why_unreachable(host, port, started + timeout_ms / 1000);
    return problem === undefined ? up("connected", clock.monotonic() - started) : down(explain(problem, timeout_ms));
}
