/* What a node says of itself once a second: pure but for JSON. */
import * as json from "../lib/json";

/** What came over the connection to a node, or that nothing came. */
export interface Tick {
    readonly ok: boolean;
    /** Why not, as a fragment. */
    readonly reason: string;
}

interface Line {
    tick?: number;
    node_id?: string;
    status?: string;
    reason?: string;
}

/** What a line says, or nil and why it is no tick of that node. */
export function read_tick(line: string, node_id: string): Result<Tick> {
    const [said] = json.decode<Line>(line);
    if (typeof said !== "object" || type(said.tick) !== "number" || type(said.status) !== "string") {
        return $multi(undefined, "what it sends is no tick");
    }
    if (said.node_id !== node_id) {
        return $multi(undefined, `it is node ${tostring(said.node_id)}, not ${node_id}`);
    }
    if (said.status === "ok") {
        return $multi({ ok: true, reason: "ok" });
    }
    const cause = type(said.reason) === "string" ? `${said.status}: ${said.reason}` : `${said.status}`;
    return $multi({ ok: false, reason: cause });
}

/** Seconds before attempt number `attempt`, from 1, to connect again: longer each time, up to 5. */
export function backoff(attempt: number): number {
    return math.min(2 ** (attempt - 1), 5);
}
