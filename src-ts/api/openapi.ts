/* The OpenAPI document of the API, made from the table of routes and the schemas of types/contract. */
import * as json from "../lib/json";
import { contains } from "../lib/text";
import { VERSION } from "../lib/version";
import type { Guard } from "./access";
import { error_responses } from "./openapi_errors";
import type { Answer } from "./respond";
import type { QueryParameter, Route } from "./route";
import { SCHEMAS } from "./schemas";

type Fields = Record<string, unknown>;

const INFO = {
    title: "Uptime Kuma Cluster, API of the load balancer",
    version: VERSION,
    description:
        "What the load balancer answers by itself. An error is JSON with a stable code; 500 internal_error is a bug, " +
        "whose cause the error log has. GET routes answer HEAD too, but for those that are deprecated.",
};

const SECURITY_SCHEMES = {
    clusterSecret: { type: "apiKey", in: "header", name: "X-Cluster-Secret", description: "CLUSTER_SECRET" },
    bearer: { type: "http", scheme: "bearer", description: "CLUSTER_SECRET" },
};

const NONE = json.list<string>([]);
const BY_HEADER = { clusterSecret: NONE };
const BY_BEARER = { bearer: NONE };

const SECURITY: Record<Guard, unknown> = {
    open: NONE,
    // Without the secret as well, unless LB_STATUS_PUBLIC is false.
    status: [{}, BY_HEADER, BY_BEARER],
    cluster: [BY_HEADER, BY_BEARER],
    probe: [BY_HEADER, BY_BEARER],
};

const TAGS: Record<Guard, string> = { open: "load balancer", status: "cluster", cluster: "operation", probe: "probe" };
const FIXED_NODE_TAG = "fixed node";

/** What stands in paths in place of a name in braces. */
const PATH_PARAMETERS: Record<string, Fields | undefined> = {
    id: {
        description: "The id of a monitor or a check.",
        schema: { type: "integer", minimum: 1, maximum: 4294967295 },
    },
    node: { description: "The id of a node.", schema: { type: "string" } },
};

/** A JSON object of texts that are JSON already, in this order. */
function members(list: readonly (readonly [name: string, text: string])[]): string {
    const parts: string[] = [];
    for (const [name, text] of list) {
        table.insert(parts, `${json.encode(name)}:${text}`);
    }
    return `{${table.concat(parts, ",")}}`;
}

/** What is in an answer or a request: `type` is a schema, or a media type. */
function content(type: string): Fields | undefined {
    if (type === "nothing") {
        return undefined;
    }
    return contains(type, "/")
        ? { [type]: {} }
        : { "application/json": { schema: { $ref: `#/components/schemas/${type}` } } };
}

function query_parameter({ name, type, about, min, max, default: value }: QueryParameter): Fields {
    if (type === "text") {
        return { name, in: "query", required: true, description: about, schema: { type: "string" } };
    }
    const schema =
        type === "flag"
            ? { type: "string", enum: ["1", "0", "true", "false"], default: "0" }
            : { type: "integer", minimum: min, maximum: max, default: value };
    return { name, in: "query", description: about, schema };
}

function parameters({ path, query }: Route): Fields[] | undefined {
    const found: Fields[] = [];
    for (const [name] of string.gmatch(path, "{(%w+)}")) {
        const known = PATH_PARAMETERS[name as string];
        table.insert(found, {
            name,
            in: "path",
            required: true,
            description: known?.description,
            schema: known?.schema,
        });
    }
    for (const parameter of query ?? []) {
        table.insert(found, query_parameter(parameter));
    }
    return found.length === 0 ? undefined : found;
}

/** A name for generated clients, as postNodesNodeDrain. */
function operation_id({ method, path }: Route): string {
    const parts = [string.lower(method)];
    for (const [word] of string.gmatch(path, "%w+")) {
        table.insert(parts, string.upper(string.sub(word as string, 1, 1)) + string.sub(word as string, 2));
    }
    return table.concat(parts);
}

function responses(route: Route): Fields {
    const all = error_responses(route);
    for (const [status, type] of pairs(route.answers)) {
        all[status] = { description: route.about, content: content(type) };
    }
    return all;
}

function operation(route: Route): Fields {
    const { takes, path, guard } = route;
    return {
        operationId: operation_id(route),
        summary: route.about,
        tags: [contains(path, "fixed-node") ? FIXED_NODE_TAG : TAGS[guard]],
        deprecated: route.deprecated,
        security: SECURITY[guard],
        parameters: parameters(route),
        requestBody: takes === undefined ? undefined : { required: true, content: content(takes) },
        responses: responses(route),
    };
}

/** The paths in the order of the routes, each with its operations. */
function paths(routes: readonly Route[]): string {
    const order: string[] = [];
    const operations: Record<string, (readonly [method: string, text: string])[] | undefined> = {};
    for (const route of routes) {
        const path = `/lb/${route.path}`;
        let of_path = operations[path];
        if (of_path === undefined) {
            of_path = [];
            operations[path] = of_path;
            table.insert(order, path);
        }
        table.insert(of_path, [string.lower(route.method), json.encode_sorted(operation(route))]);
    }
    const items: (readonly [path: string, text: string])[] = [];
    for (const path of order) {
        table.insert(items, [path, members(operations[path] ?? [])]);
    }
    return members(items);
}

/** The document for these routes, as JSON; equal routes make equal texts. */
export function document(routes: readonly Route[]): string {
    return members([
        ["openapi", '"3.1.0"'],
        ["info", json.encode_sorted(INFO)],
        ["servers", '[{"url":"/"}]'],
        ["paths", paths(routes)],
        [
            "components",
            members([
                ["schemas", members(SCHEMAS)],
                ["securitySchemes", json.encode_sorted(SECURITY_SCHEMES)],
            ]),
        ],
    ]);
}

let made: string | undefined;

/** GET /lb/openapi.json; made once in each worker. */
export function openapi(routes: readonly Route[]): Answer {
    made = made ?? document(routes) + "\n";
    return { status: 200, body: made, content_type: "application/json" };
}
