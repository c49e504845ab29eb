import type { Agent } from "./agent";
import { healthVerdict } from "./health";
import type { Response } from "./kuma-web";

const TICK_MS = 1000;
/** More than a cluster has load balancers, and few enough to cost nothing. */
const MOST = 32;
/** What a watcher that does not read may have waiting for it, in bytes. */
const MOST_UNREAD = 65_536;

/**
 * The clients that watch this node: each has an open answer and gets a line a second. They notice the end of this
 * process by the end of the connection, and that it stands still by the line that does not come.
 */
export class Watchers {
    private readonly agent: Agent;
    private readonly responses = new Set<Response>();
    private timer: NodeJS.Timeout | undefined;
    private ticks = 0;

    constructor(agent: Agent) {
        this.agent = agent;
    }

    /** Begins to write to a response. False when there are enough watchers. */
    add(response: Response): boolean {
        if (this.responses.size >= MOST) return false;
        response.once("close", () => this.remove(response));
        // The connection is good for nothing else when the answer has ended.
        for (const [name, value] of Object.entries({
            "Content-Type": "application/x-ndjson",
            "Cache-Control": "no-store",
            "X-Accel-Buffering": "no",
            Connection: "close",
        })) {
            response.setHeader(name, value);
        }
        response.write(this.line());
        if (this.agent.phase === "leaving") {
            response.end();
            return true;
        }
        this.responses.add(response);
        this.timer ??= setInterval(() => this.tick(), TICK_MS).unref();
        return true;
    }

    /** Says to all watchers what the node is in now, and ends their connections. */
    end(): void {
        this.ticks++;
        const line = this.line();
        for (const response of this.responses) {
            this.remove(response);
            response.end(line);
        }
    }

    private tick(): void {
        this.ticks++;
        const line = this.line();
        for (const response of this.responses) {
            if (response.writableLength > MOST_UNREAD) response.destroy();
            else response.write(line);
        }
    }

    private remove(response: Response): void {
        this.responses.delete(response);
        if (this.responses.size > 0) return;
        clearInterval(this.timer);
        this.timer = undefined;
    }

    private line(): string {
        const { config, bootId } = this.agent;
        const standing = { node_id: config.nodeId, boot_id: bootId, ...healthVerdict(this.agent) };
        return `${JSON.stringify({ tick: this.ticks, ...standing })}\n`;
    }
}
