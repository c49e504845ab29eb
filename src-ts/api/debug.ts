/* GET handlers for somebody who looks for a cause: the settings in use, the latest log lines. */
import * as config from "../config";
import * as json from "../lib/json";
import { VERSION, version_text } from "../lib/version";
import * as logger from "../logger";
import { ok } from "./respond";
import type { Answer } from "./respond";

/** GET /lb/debug-config */
export function debug_config(): Answer {
    const body: DebugConfigBody = {
        settings: json.list(config.list_settings()),
        version: VERSION,
        nginx: version_text(ngx.config.nginx_version),
        ngx_lua: version_text(ngx.config.ngx_lua_version),
        worker_count: ngx.worker.count(),
    };
    return ok(body);
}

/** GET /lb/debug-logs */
export function debug_logs(): Answer {
    const body: DebugLogsBody = { lines: json.list(logger.latest_lines()) };
    return ok(body);
}
