/* Which fields of a monitor a client may send. Pure, but for the Problem that is thrown when one is wrong. */
import type { Column } from "./column-store";
import { Problem } from "./problem";

export type Fields = Readonly<Record<string, unknown>>;
export type Columns = ReadonlyMap<string, Column>;

/** What answers show, but Kuma makes of other things: a client may send back what it got. */
const DERIVED = new Set([
    "path",
    "pathName",
    "childrenIDs",
    "forceInactive",
    "maintenance",
    "screenshot",
    "includeSensitiveData",
    "dns_last_result",
]);
/** Columns that no client may write. */
const OURS = new Set([
    "id",
    "user_id",
    "created_date",
    "node_id",
    "assigned_node",
    "owner_node",
    "pinned",
    "cluster_mtime",
]);
/** A column that Kuma sets when a monitor is added and never again. */
const ONLY_AT_FIRST = "weight";
/** Fields that are no columns: Kuma, or the API for it, writes them elsewhere. */
const ELSEWHERE = new Set(["notificationIDList", "accepted_statuscodes", "tags"]);

/** The column that redbean stores a field in. */
export function columnOf(field: string): string {
    return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function refuse(code: string, names: readonly string[], sentence: string): void {
    if (names.length === 0) return;
    throw new Problem(400, code, `${sentence}: ${names.join(", ")}`, { fields: names });
}

function isKnown(field: string, columns: Columns): boolean {
    return ELSEWHERE.has(field) || DERIVED.has(field) || columns.has(columnOf(field)) || OURS.has(columnOf(field));
}

/** Whether a field may not be changed. `shown` is the monitor as answers show it, or nothing for one to be added. */
function isFixed(field: string, value: unknown, shown: Fields | undefined): boolean {
    const column = columnOf(field);
    if (!OURS.has(column) && (shown === undefined || column !== ONLY_AT_FIRST)) return false;
    return shown === undefined || shown[column] !== value;
}

/**
 * The fields of a request that say something, each by the name under which Kuma's web page sends it. `names` are such
 * names. Throws a Problem that names the fields that Kuma does not have, or those that may not be set.
 */
export function readFields(
    body: Fields,
    columns: Columns,
    names: readonly string[],
    shown: Fields | undefined,
): Record<string, unknown> {
    const given = Object.keys(body);
    const unknown = given.filter((field) => !isKnown(field, columns));
    refuse("unknown_field", unknown, "this Uptime Kuma has no such fields in a monitor");
    const fixed = given.filter((field) => isFixed(field, body[field], shown));
    refuse("read_only_field", fixed, "these fields cannot be set");
    const byColumn = new Map(names.map((name) => [columnOf(name), name]));
    return Object.fromEntries(
        given
            .filter((field) => !DERIVED.has(field) && !OURS.has(columnOf(field)))
            .map((field) => [byColumn.get(columnOf(field)) ?? field, checkedValue(field, body[field])]),
    );
}

function invalid(field: string, allowed: string): Problem {
    return new Problem(400, "invalid_value", `${field} must be ${allowed}`, { fields: [field] });
}

function isRecord(value: unknown): value is Fields {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Kuma keeps the notifications of a monitor as an object of the ids with true; a list of ids is simpler to write. */
function notificationIds(value: unknown): Fields {
    if (isRecord(value)) return value;
    if (!Array.isArray(value)) throw invalid("notificationIDList", "a list of ids, or an object of ids with true");
    return Object.fromEntries(value.map((id) => [String(id), true]));
}

const LISTS = new Set(["accepted_statuscodes", "conditions", "kafkaProducerBrokers", "rabbitmqNodes", "tags"]);
const STRUCTURES = new Set([...LISTS, "kafkaProducerSaslOptions"]);
/** Texts in which Kuma expects JSON. */
const TEXTS = new Set(["headers", "body"]);

function isSimple(value: unknown): boolean {
    return value === null || typeof value !== "object";
}

/** A value in the form that Kuma's handlers rely on without a look. Throws a Problem when it has another one. */
function checkedValue(field: string, value: unknown): unknown {
    if (field === "notificationIDList") return notificationIds(value);
    if (LISTS.has(field) && !Array.isArray(value)) throw invalid(field, "a list");
    if (field === "active" && typeof value !== "boolean") throw invalid(field, "true or false");
    if (TEXTS.has(field) && isRecord(value)) return JSON.stringify(value, undefined, 4);
    if (isSimple(value) || STRUCTURES.has(field)) return value;
    throw invalid(field, "a text, a number, true, false or null");
}

/** Throws a Problem when a monitor lacks what nobody can guess, or is of a type that this Kuma does not have. */
export function checkBasics(fields: Fields, types: ReadonlySet<string>): void {
    const missing = ["type", "name"].filter((name) => typeof fields[name] !== "string" || fields[name].trim() === "");
    refuse("missing_field", missing, "a monitor needs these fields as texts");
    const type = String(fields["type"]);
    // An empty set means that the types could not be told.
    if (types.size === 0 || types.has(type)) return;
    const known = [...types].sort().join(", ");
    throw new Problem(400, "unknown_type", `this Uptime Kuma has no monitors of the type "${type}", but: ${known}`, {
        fields: ["type"],
    });
}

/** What Kuma is to store when the monitor is replaced and nothing is said of a field: what its column has by itself. */
export function blankFields(shown: Fields, columns: Columns): Record<string, unknown> {
    const blank: Record<string, unknown> = {};
    for (const field of Object.keys(shown)) {
        const column = columns.get(columnOf(field));
        if (column !== undefined && !DERIVED.has(field)) blank[field] = column.fallback;
    }
    return blank;
}
