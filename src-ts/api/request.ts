/* A request as the handlers get it: they are plain functions of this, and know nothing of nginx. */
import * as json from "../lib/json";
import { contains } from "../lib/text";
import { is_utf8 } from "../lib/utf8";
import { failure } from "./respond";
import type { Answer } from "./respond";

export interface Request {
    /** What stands in the path for the name in braces; "" for a route without one. */
    readonly parameter: string;
    /** Parameters of the query: "" for one that has no value or is given twice. */
    readonly query: Record<string, string | undefined>;
    /** What the JSON body holds, for routes that take one. */
    readonly body: Record<string, unknown>;
    /** X-Cluster-Challenge: the sender wants to see that we know the secret. */
    readonly challenge?: string | undefined;
    /** If-None-Match. */
    readonly if_none_match?: string | undefined;
}

export type Handler = (this: void, request: Request) => Answer;

/** Bytes of the longest body that is read; nginx refuses longer ones with a 413 of its own. */
const LONGEST_BODY = 1048576;

const PARAMETERS_MAX = 20;

const NOTHING: Record<string, unknown> = {};

/** The query of this request. */
export function read_query(): Record<string, string | undefined> {
    const query: Record<string, string | undefined> = {};
    for (const [name, value] of pairs(ngx.req.get_uri_args(PARAMETERS_MAX))) {
        query[name] = typeof value === "string" ? value : "";
    }
    return query;
}

function is_json(content_type: string | undefined): boolean {
    return content_type === undefined || contains(string.lower(content_type), "application/json");
}

function parse_body(text: string): LuaMultiReturn<[body: Record<string, unknown>, refusal?: Answer]> {
    const [value, err] = json.decode<Record<string, unknown>>(text);
    if (value === undefined) {
        return $multi(NOTHING, failure(400, "bad_json", `The body is not JSON: ${err}.`));
    }
    const [first] = string.match(text, "^%s*(.)");
    if (first !== "{") {
        return $multi(NOTHING, failure(400, "bad_json", "The body must be a JSON object."));
    }
    return $multi(value);
}

/** The JSON object that this request brings, or the refusal of what it brings instead. */
export function read_body(): LuaMultiReturn<[body: Record<string, unknown>, refusal?: Answer]> {
    if (!is_json(ngx.var.http_content_type)) {
        return $multi(NOTHING, failure(415, "unsupported_media_type", "The body must be application/json."));
    }
    ngx.req.read_body();
    const text = ngx.req.get_body_data() ?? "";
    if (text.length > LONGEST_BODY) {
        return $multi(NOTHING, failure(413, "body_too_large", "The body is longer than 1 MiB."));
    }
    if (!is_utf8(text)) {
        return $multi(NOTHING, failure(400, "bad_json", "The body is not UTF-8."));
    }
    return parse_body(text);
}

/** The refusal of a parameter, or of a field of the body. */
export function invalid(name: string, allowed: string): Answer {
    return failure(400, "invalid_parameter", `${name} must be ${allowed}.`);
}

/** A whole number from `min` to `max` as a text of digits has it; nil for anything else. */
export function whole_number(text: string, min: number, max: number): number | undefined {
    const [digits] = string.match(text, "^%d+$");
    const value = digits === undefined || digits.length > 15 ? undefined : tonumber(digits);
    return value === undefined || value < min || value > max ? undefined : value;
}
