/* Reads lines and parts from a cosocket until a deadline. */
import * as clock from "./clock";

export interface Reader {
    readonly socket: TcpSocket;
    /** By clock.monotonic(), for all that is read: what comes in drops is late as well. */
    readonly deadline: number;
    /** What has come and is not read yet. */
    buffer: string;
}

const CHUNK = 16384;

/** Milliseconds until a deadline; at least 1, for 0 would mean nginx's own time-out. Nil when it has passed. */
export function milliseconds_left(deadline: number): number | undefined {
    const left = math.floor((deadline - clock.monotonic()) * 1000);
    return left < 1 ? undefined : left;
}

function receive(reader: Reader, most: number): Result<string> {
    const left = milliseconds_left(reader.deadline);
    if (left === undefined) {
        return $multi(undefined, "timeout");
    }
    reader.socket.settimeout(left);
    const [data, err, partial] = reader.socket.receiveany(most);
    const bytes = data ?? partial ?? "";
    if (bytes === "") {
        return $multi(undefined, err ?? "closed");
    }
    return $multi(bytes);
}

/** The next line without its end; or nil and "timeout", "closed", "the line is too long", ... */
export function read_line(reader: Reader, longest: number): Result<string> {
    for (;;) {
        const [line, rest] = string.match(reader.buffer, "^([^\n]*)\n(.*)$");
        if (line !== undefined && line.length <= longest) {
            reader.buffer = rest ?? "";
            return $multi(string.gsub(line, "\r$", "")[0]);
        }
        if (line !== undefined || reader.buffer.length > longest) {
            return $multi(undefined, "the line is too long");
        }
        const [bytes, err] = receive(reader, CHUNK);
        if (bytes === undefined) {
            return $multi(undefined, err);
        }
        reader.buffer += bytes;
    }
}

/** Some bytes, `most` at most and one at least; or nil and "timeout", "closed", ... */
export function read_part(reader: Reader, most: number): Result<string> {
    const { buffer } = reader;
    if (buffer === "") {
        return receive(reader, math.min(most, CHUNK));
    }
    reader.buffer = string.sub(buffer, most + 1);
    return $multi(string.sub(buffer, 1, most));
}
