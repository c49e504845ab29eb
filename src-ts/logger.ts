/*
 * Log lines of one form: "[CATEGORY] text", or one JSON object a line. Never raises, whatever it is given.
 * All levels but warn and error go out as nginx's "notice": LOG_LEVEL decides here what is written.
 * The latest lines of all workers are kept in memory too, for /lb/debug-logs.
 */
import * as config from "./config";
import * as clock from "./lib/clock";
import * as evictions from "./lib/evictions";
import * as json from "./lib/json";
import { iso_time } from "./lib/time_text";

/** A line as it is kept. */
export type Line = DebugLogsBody["lines"][number];

const LINES_KEPT = 500;
/** Characters of a line that are kept. */
const LINE_LENGTH = 1000;

/** Missing in an nginx.conf of somebody's own: then nothing is kept. */
const dict = ngx.shared.cluster_log;

const RANKS: Record<string, number | undefined> = { debug: 1, info: 2, warn: 3, error: 4 };
const threshold = RANKS[config.log.level] ?? 2;

function render(level: string, category: string, text: string): string {
    if (config.log.format !== "json") {
        return `[${category}] ${text}`;
    }
    return json.encode({ time: ngx.utctime(), level, category, message: text });
}

function format(template: string, ...values: unknown[]): string {
    const [ok, text] = pcall(string.format, template, ...values);
    return ok ? text : template;
}

function keep(level: Line["level"], category: string, text: string): void {
    if (dict === undefined) {
        return;
    }
    const [count] = dict.incr("lines", 1, 0);
    if (count !== undefined) {
        const at = iso_time(clock.now()) ?? "";
        const line: Line = { at, level, category, message: string.sub(text, 1, LINE_LENGTH) };
        const [, , forcible] = dict.set(`line:${count % LINES_KEPT}`, json.encode(line));
        if (forcible) {
            evictions.note("cluster_log");
        }
    }
}

function write(level: Line["level"], severity: number, category: string, text: string): void {
    const rank = RANKS[level];
    if (rank !== undefined && rank >= threshold) {
        ngx.log(severity, render(level, category, text));
        keep(level, category, text);
    }
}

/** The latest lines, oldest first. */
export function latest_lines(): Line[] {
    const lines: Line[] = [];
    if (dict === undefined) {
        return lines;
    }
    const count = tonumber(dict.get("lines")[0]) ?? 0;
    for (const index of $range(math.max(1, count - LINES_KEPT + 1), count)) {
        const [line] = json.decode<Line>(tostring(dict.get(`line:${index % LINES_KEPT}`)[0]));
        if (line !== undefined) {
            table.insert(lines, line);
        }
    }
    return lines;
}

/** What a node's health check found. */
export function health_check(template: string, ...values: unknown[]): void {
    write("info", ngx.NOTICE, "HEALTH_CHECK", format(template, ...values));
}

/** What happened between us and the database. */
export function database(template: string, ...values: unknown[]): void {
    write("info", ngx.NOTICE, "DATABASE", format(template, ...values));
}

/** What was decided for requests. */
export function router(template: string, ...values: unknown[]): void {
    write("info", ngx.NOTICE, "ROUTER", format(template, ...values));
}

/** For somebody who looks for a cause; written only with LOG_LEVEL=debug. */
export function debug(category: string, template: string, ...values: unknown[]): void {
    write("debug", ngx.NOTICE, category, format(template, ...values));
}

/** What an operator may want to know. */
export function info(category: string, template: string, ...values: unknown[]): void {
    write("info", ngx.NOTICE, category, format(template, ...values));
}

/** Something is wrong that the cluster copes with. */
export function warn(category: string, template: string, ...values: unknown[]): void {
    write("warn", ngx.WARN, category, format(template, ...values));
}

/** Something is wrong that needs a person. */
export function error(category: string, template: string, ...values: unknown[]): void {
    write("error", ngx.ERR, category, format(template, ...values));
}
