/*
 * Packets of the MySQL protocol: three bytes of length, one of sequence number, the payload. A payload of 16 MiB - 1
 * or more takes several packets, the last of them shorter than the limit.
 */
import { read_int, write_int } from "./bytes";

/** What the packet functions need of a connection. */
export interface Wire {
    sock: TcpSocket;
    /** Sequence number of the next packet. */
    sequence: number;
    /** Largest payload to accept, in bytes. */
    max_packet_size: number;
}

/** The value; or nil, the cause, and the server's error number and SQLSTATE when the server itself said no. */
export type Outcome<T> = LuaMultiReturn<
    [value: T | undefined, err?: string | undefined, errcode?: number | undefined, sqlstate?: string | undefined]
>;

const MAX_CHUNK = 0xffffff;
const HEADER_SIZE = 4;

/** Sends a payload. Returns the bytes sent, or nil and the cause. */
export function send(wire: Wire, payload: string): Outcome<number> {
    let sent = 0;
    let from = 1;
    for (;;) {
        const size = math.min(payload.length - from + 1, MAX_CHUNK);
        const chunk = size === payload.length ? payload : string.sub(payload, from, from + size - 1);
        const header = write_int(size, 3) + string.char(wire.sequence);
        wire.sequence = (wire.sequence + 1) % 256;
        const [bytes, err] = wire.sock.send([header, chunk]);
        if (bytes === undefined) {
            return $multi(undefined, err);
        }
        sent = sent + bytes;
        from = from + size;
        if (size < MAX_CHUNK) {
            return $multi(sent);
        }
    }
}

/** The payload of one packet. */
function receive_chunk(wire: Wire, received: number): Result<string> {
    const [header, header_err] = wire.sock.receive(HEADER_SIZE);
    if (header === undefined) {
        return $multi(undefined, `failed to receive packet header: ${header_err}`);
    }
    const [size] = read_int(header, 1, 3);
    wire.sequence = (string.byte(header, HEADER_SIZE) + 1) % 256;
    if (received + size > wire.max_packet_size) {
        return $multi(undefined, `packet size too big: ${received + size}`);
    }
    if (size === 0) {
        return $multi("");
    }
    const [chunk, err] = wire.sock.receive(size);
    if (chunk === undefined) {
        return $multi(undefined, `failed to read packet content: ${err}`);
    }
    return $multi(chunk);
}

/** Receives a payload, put together from its packets; nil and the cause when the connection breaks or it is too big. */
export function receive(wire: Wire): Result<string> {
    const [first, err] = receive_chunk(wire, 0);
    if (first === undefined) {
        return $multi(undefined, err);
    }
    if (first.length < MAX_CHUNK) {
        if (first === "") {
            return $multi(undefined, "empty packet");
        }
        return $multi(first);
    }
    const chunks = [first];
    let received = first.length;
    for (;;) {
        const [chunk, chunk_err] = receive_chunk(wire, received);
        if (chunk === undefined) {
            return $multi(undefined, chunk_err);
        }
        chunks.push(chunk);
        received = received + chunk.length;
        if (chunk.length < MAX_CHUNK) {
            return $multi(table.concat(chunks));
        }
    }
}
