/* Parameters of a query. */
import { failure } from "./respond";
import type { Answer } from "./respond";

/** The refusal of a parameter. */
export function invalid(name: string, allowed: string): Answer {
    return failure(400, "invalid_parameter", `${name} must be ${allowed}.`);
}

/** The text of a parameter: nil when it is not there, "" when it has no value or is given twice. */
export function parameter(name: string): string | undefined {
    const value = ngx.req.get_uri_args()[name];
    return value === undefined || typeof value === "string" ? value : "";
}

/** A whole number from `min` to `max` as a text of digits has it; nil for anything else. */
export function whole_number(text: string, min: number, max: number): number | undefined {
    const [digits] = string.match(text, "^%d+$");
    const value = digits === undefined || digits.length > 15 ? undefined : tonumber(digits);
    return value === undefined || value < min || value > max ? undefined : value;
}
