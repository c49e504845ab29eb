/* The OpenAPI document of the API, made from the route table. Pure. */
import { SCHEMAS, type SchemaName } from "./schemas";

export interface RouteDocument {
    readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
    /** Behind /api/v1; what is in braces is a positive whole number. */
    readonly path: string;
    /** Who may ask: anybody, a user of Kuma's, or a part of the cluster. */
    readonly auth: "none" | "user" | "cluster";
    readonly summary: string;
    /** Of a good answer, 200 unless told. */
    readonly status?: number;
    /** The schemas of the request's and of the answer's body. */
    readonly body?: SchemaName;
    readonly answer?: SchemaName;
    /** Of the answer, JSON unless told. */
    readonly type?: string;
    /** Parameters of the query string, none of which is required. */
    readonly query?: Readonly<Record<string, string>>;
    /** Errors beyond those that every route of its kind has. */
    readonly errors?: Readonly<Record<number, string>>;
}

const SECURITY = {
    none: [],
    user: [{ apiKey: [] }, { bearer: [] }, { basic: [] }],
    cluster: [{ clusterSecret: [] }, { bearer: [] }],
};

const SECURITY_SCHEMES = {
    apiKey: { type: "apiKey", in: "header", name: "Authorization", description: "an API key by itself: uk1_..." },
    bearer: { type: "http", scheme: "bearer", description: "an API key, a token of a login, or the cluster's secret" },
    basic: { type: "http", scheme: "basic", description: "as for /metrics: any name and an API key as the password" },
    clusterSecret: { type: "apiKey", in: "header", name: "X-Cluster-Secret" },
};

const USER_ERRORS = { 401: "the credentials are missing or wrong", 429: "too many attempts to log in" };
const BODY_ERRORS = { 413: "the body is too large", 415: "the body is no JSON" };
const READY_ERRORS = { 503: "the database is lost, or the node is not ready" };

function json(schema: SchemaName, type = "application/json"): object {
    return { content: { [type]: { schema: { $ref: `#/components/schemas/${schema}` } } } };
}

function errorsOf(route: RouteDocument): Record<string, string> {
    return {
        ...(route.auth === "none" ? {} : READY_ERRORS),
        ...(route.auth === "user" ? USER_ERRORS : {}),
        ...(route.body === undefined ? {} : { ...BODY_ERRORS, 400: "the body is wrong; the message says where" }),
        ...(route.query === undefined ? {} : { 400: "a parameter is wrong" }),
        ...route.errors,
    };
}

function responses(route: RouteDocument): object {
    const good = { description: "done", ...(route.answer === undefined ? {} : json(route.answer, route.type)) };
    const errors = Object.entries(errorsOf(route)).map(([status, description]) => {
        return [status, { description, ...json("Error") }];
    });
    return { [route.status ?? 200]: good, ...Object.fromEntries(errors) };
}

function parameters(route: RouteDocument): object[] {
    const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => {
        return { name, in: "path", required: true, schema: { type: "integer", minimum: 1 } };
    });
    const inQuery = Object.entries(route.query ?? {}).map(([name, description]) => {
        return { name, in: "query", description, schema: { type: "string" } };
    });
    return [...inPath, ...inQuery];
}

/** A name for generated clients, as getMonitorsIdHeartbeats. */
function operationId({ method, path }: RouteDocument): string {
    const words = path.split(/\W+/).filter((word) => word !== "");
    return method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}

function operation(route: RouteDocument): object {
    return {
        operationId: operationId(route),
        summary: route.summary,
        security: SECURITY[route.auth],
        parameters: parameters(route),
        ...(route.body === undefined ? {} : { requestBody: { required: true, ...json(route.body) } }),
        responses: responses(route),
    };
}

/** The document for these routes. */
export function openapi(routes: readonly RouteDocument[], kumaVersion: string): object {
    const paths: Record<string, Record<string, object>> = {};
    for (const route of routes) {
        const path = (paths[`/api/v1${route.path}`] ??= {});
        path[route.method.toLowerCase()] = operation(route);
    }
    return {
        openapi: "3.1.0",
        info: { title: "Uptime Kuma Cluster, API of a node", version: "1", description: `Uptime Kuma ${kumaVersion}` },
        paths,
        components: { schemas: SCHEMAS, securitySchemes: SECURITY_SCHEMES },
    };
}
