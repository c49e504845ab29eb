/* GET handlers for somebody who looks for a cause: the settings in use, the latest log lines. */
import * as config from "../config";
import * as json from "../lib/json";
import { VERSION } from "../lib/version";
import * as logger from "../logger";
import { ok } from "./respond";
import type { Answer } from "./respond";

/** "1.22.1" of 1022001, as nginx and ngx_lua number their versions. */
function version_text(number: number): string {
    const major = math.floor(number / 1000000);
    const minor = math.floor(number / 1000) % 1000;
    return string.format("%d.%d.%d", major, minor, number % 1000);
}

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
