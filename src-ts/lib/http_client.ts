/* A GET request over a cosocket: one connection, one short answer. For health checks. */

export interface HttpAnswer {
    readonly status: number;
    readonly body: string;
}

/** Bytes of an answer that are read; a health answer is a few hundred. */
const MAX_ANSWER = 65536;

function read_all(socket: TcpSocket): Result<string> {
    const chunks: string[] = [];
    let size = 0;
    while (size < MAX_ANSWER) {
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

/**
 * Sends `GET path` to an IP literal and reads the whole answer.
 * @param timeout_ms of connect, send and each read
 * @returns status and body, or nil and the cause ("connection refused", "timeout", ...)
 */
export function get(address: string, port: number, host: string, path: string, timeout_ms: number): Result<HttpAnswer> {
    const [socket, socket_err] = ngx.socket.tcp();
    if (socket === undefined) {
        return $multi(undefined, socket_err);
    }
    socket.settimeout(timeout_ms);
    const [connected, connect_err] = socket.connect(address, port);
    if (connected === undefined) {
        return $multi(undefined, connect_err ?? "cannot connect");
    }
    // HTTP/1.0 without keep-alive: the answer ends with the connection and is never chunked.
    const [sent, send_err] = socket.send(
        `GET ${path} HTTP/1.0\r\nHost: ${host}\r\nUser-Agent: uptime-kuma-cluster\r\nConnection: close\r\n\r\n`,
    );
    if (sent === undefined) {
        socket.close();
        return $multi(undefined, send_err ?? "cannot send");
    }
    const [answer, read_err] = read_all(socket);
    socket.close();
    if (answer === undefined) {
        return $multi(undefined, read_err);
    }
    return parse(answer);
}
