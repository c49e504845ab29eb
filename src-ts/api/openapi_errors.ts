/* The errors that a route can give, for its OpenAPI document. */
import { is_change } from "./route";
import type { Route } from "./route";

type Fields = Record<string, unknown>;

/** Stable codes by status. */
type Codes = Record<string, string[] | undefined>;

const WORDS: Record<string, string | undefined> = {
    "400": "A parameter or the body is wrong.",
    "401": "The secret is missing or wrong.",
    "403": "The client may not do this.",
    "404": "There is none of this id.",
    "409": "Not in the present state.",
    "413": "The body is too long.",
    "415": "The body is of another type.",
    "429": "Too many requests of this client.",
    "503": "Not at the moment.",
};

const HEADERS: Record<string, string | undefined> = {
    "401": "WWW-Authenticate",
    "429": "Retry-After",
    "503": "Retry-After",
};

function add(codes: Codes, status: string, more: readonly string[]): void {
    const known = codes[status] ?? [];
    for (const code of more) {
        table.insert(known, code);
    }
    codes[status] = known;
}

function codes_of(route: Route): Codes {
    const codes: Codes = {};
    if (route.takes !== undefined) {
        add(codes, "400", ["bad_json"]);
        add(codes, "413", ["body_too_large"]);
        add(codes, "415", ["unsupported_media_type"]);
    }
    if (route.takes !== undefined || route.query !== undefined) {
        add(codes, "400", ["invalid_parameter"]);
    }
    if (route.guard !== "open") {
        add(codes, "401", ["authentication_required", "invalid_credentials"]);
        add(codes, "403", ["forbidden"]);
        add(codes, "429", ["rate_limited"]);
    }
    if (is_change(route)) {
        add(codes, "403", ["foreign_origin"]);
    }
    for (const [status, more] of pairs(route.errors ?? {})) {
        add(codes, status, more);
    }
    return codes;
}

/** The OpenAPI responses of a route by status, when it refuses or fails. */
export function error_responses(route: Route): Fields {
    const responses: Fields = {};
    for (const [status, codes] of pairs(codes_of(route))) {
        const header = HEADERS[status];
        const schema = { $ref: "#/components/schemas/ErrorBody", properties: { error: { enum: codes } } };
        responses[status] = {
            description: WORDS[status] ?? "An error.",
            headers: header === undefined ? undefined : { [header]: { schema: { type: "string" } } },
            content: { "application/json": { schema } },
        };
    }
    return responses;
}
