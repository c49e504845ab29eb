/* For whoever looks for a cause. See status for what all bodies have in common. */

/** GET /lb/debug-config: every setting as it is in use. Secrets are "***", or "" when none is set. */
interface DebugConfigBody {
    settings: readonly { name: string; value: string | number; is_default: boolean }[];
    version: string;
    nginx: string;
    ngx_lua: string;
    worker_count: number;
}

/** GET /lb/debug-logs: the latest lines that the load balancer wrote, oldest first. */
interface DebugLogsBody {
    lines: readonly { at: string; level: "debug" | "info" | "warn" | "error"; category: string; message: string }[];
}
