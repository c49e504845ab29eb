/* How rows of the table of routes are written: builders, and what several rows have in common. */
import type { Guard } from "./access";
import type { Handler } from "./request";
import type { Content, Details, QueryParameter, Route } from "./route";

const DRY_RUN: QueryParameter = {
    name: "dry_run",
    type: "flag",
    about: "1 lists what would be done, and does nothing.",
};
const SINCE: QueryParameter = {
    name: "since",
    type: "integer",
    about: "The id of the last event that is known.",
    min: 0,
    default: 0,
};
export const LIMIT: QueryParameter = {
    name: "limit",
    type: "integer",
    about: "How many at most.",
    min: 1,
    max: 1000,
    default: 100,
};

/** By status; of a 200 when it is the only one. */
type Answers = Content | Readonly<Record<string, Content>>;

type Row = (
    this: void,
    guard: Guard,
    path: string,
    handler: Handler,
    answers: Answers,
    about: string,
    details?: Details,
) => Route;

/** What makes rows of a method. */
function rows_of(method: Route["method"]): Row {
    return (guard, path, handler, answers, about, details) => {
        const { takes, query, deprecated, errors } = details ?? {};
        const by_status = typeof answers === "string" ? { "200": answers } : answers;
        return { method, guard, path, handler, answers: by_status, about, takes, query, deprecated, errors } as Route;
    };
}

export const get = rows_of("GET");
export const post = rows_of("POST");
export const put = rows_of("PUT");
export const remove = rows_of("DELETE");

export const PAGE: Answers = { "200": "text/html", "400": "text/html" };
export const MOVES: Answers = { "200": "DryRunBody", "202": "AcceptedBody" };

export const NOT_READY: Details = { errors: { "503": ["not_ready"] } };
const LOST = { "503": ["database_lost"] };
export const DATABASE_LOST: Details = { errors: LOST };
export const EVENTS: Details = { query: [SINCE, LIMIT], errors: LOST };
export const OLD: Details = { query: [DRY_RUN], deprecated: true, errors: LOST };
export const DRY: Details = { query: [DRY_RUN], errors: LOST };
const NO_LOADS = { "503": ["database_lost", "not_ready"] };
export const OLD_LOADS: Details = { query: [DRY_RUN], deprecated: true, errors: NO_LOADS };
export const DRY_LOADS: Details = { query: [DRY_RUN], errors: NO_LOADS };

/** Who asks as a probe. */
export const PROBE: readonly QueryParameter[] = [
    { name: "probe", type: "text", about: "Its id." },
    { name: "session", type: "text", about: "That of its registration." },
];
export const ASSIGNMENTS: Readonly<Record<string, Content>> = { "200": "AssignmentsBody", "304": "nothing" };
export const CREATED: Readonly<Record<string, Content>> = { "201": "ProbeCheckBody" };
export const WRITTEN = { "400": ["invalid_parameter"], "503": ["database_lost"] };
export const OF_SESSION = { "409": ["unknown_session"], "503": ["database_lost"] };
export const NOT_TAKEN = { "502": ["not_taken"] };
export const OF_CHECK = {
    errors: { "400": ["invalid_parameter"], "404": ["check_not_found"], "503": ["database_lost"] },
};
export const CHECK_NOT_TAKEN = {
    "400": ["invalid_parameter"],
    "404": ["check_not_found"],
    "502": ["not_taken"],
    "503": ["database_lost"],
};
