/* What a route is, and how requests find theirs. */
import { is_utf8 } from "../lib/utf8";
import type { Guard } from "./access";
import type { Handler } from "./request";
import type { SchemaName } from "./schemas";

export type Method = "GET" | "POST" | "PUT" | "DELETE";

/** A parameter of the query. */
export interface QueryParameter {
    readonly name: string;
    readonly type: "integer" | "flag" | "text";
    readonly about: string;
    readonly min?: number;
    readonly max?: number;
    readonly default?: number;
}

/** A type of types/contract, a media type, or no body at all. */
export type Content = SchemaName | `${string}/${string}` | "nothing";

/** What few routes have. */
export interface Details {
    /** The type of the JSON body that it takes. */
    readonly takes?: SchemaName;
    readonly query?: readonly QueryParameter[];
    /** It changes something although it is a GET, for those who know it so: it has no HEAD. */
    readonly deprecated?: boolean;
    /** The codes of its own errors by status; those that its guard, its body and its query bring are known. */
    readonly errors?: Readonly<Record<string, readonly string[]>>;
}

export interface Route extends Details {
    readonly method: Method;
    readonly guard: Guard;
    /** Below /lb/. A name in braces stands for the second part of the path: the handler's `parameter`. */
    readonly path: string;
    readonly handler: Handler;
    /** What it answers when all is well, by status; pages also when it is not. */
    readonly answers: Readonly<Record<string, Content>>;
    readonly about: string;
}

/** True for a route that changes something. */
export function is_change(route: Route): boolean {
    return route.method !== "GET" || route.deprecated === true;
}

/** The routes of one path, by method. */
export type Methods = Record<string, Route | undefined>;

/** Finds the routes of a path, and what stands there for the name in braces. */
export type Finder = (this: void, path: string) => LuaMultiReturn<[methods: Methods | undefined, parameter: string]>;

/** The first part of a path, the second and, with its slash, what follows. */
const PARTS = "^([^/]+)/([^/]+)(.*)$";

/**
 * Puts routes in order once, for all requests; a name in braces is the second part of its path. Requests for nodes come
 * through here as well, so nothing is searched through.
 */
export function finder(routes: readonly Route[]): Finder {
    const by_path: Record<string, Methods | undefined> = {};
    /** By the first part, then by what follows the name in braces. */
    const by_parts: Record<string, Record<string, Methods | undefined> | undefined> = {};
    for (const route of routes) {
        const [first, name, rest] = string.match(route.path, PARTS);
        const has_name = name !== undefined && string.sub(name, 1, 1) === "{";
        const table_of = has_name ? (by_parts[first as string] ??= {}) : by_path;
        const key = has_name ? (rest as string) : route.path;
        const methods = table_of[key] ?? {};
        methods[route.method] = route;
        table_of[key] = methods;
    }
    return (path) => {
        const methods = by_path[path];
        if (methods !== undefined) {
            return $multi(methods, "");
        }
        const [first, parameter, rest] = string.match(path, PARTS);
        const found = first === undefined ? undefined : by_parts[first]?.[rest as string];
        if (found !== undefined && is_utf8(parameter as string)) {
            return $multi(found, parameter as string);
        }
        return $multi(undefined, "");
    };
}

/** The route of a method among those of a path: HEAD is what GET is, unless that changes something. */
export function route_for(methods: Methods, method: string): Route | undefined {
    if (method !== "HEAD") {
        return methods[method];
    }
    return methods.GET?.deprecated === true ? undefined : methods.GET;
}

/** The methods of a path, as the header Allow lists them. */
export function allowed_methods(methods: Methods): string {
    const names: string[] = [];
    for (const name of ["GET", "HEAD", "POST", "PUT", "DELETE"]) {
        if (route_for(methods, name) !== undefined) {
            table.insert(names, name);
        }
    }
    return table.concat(names, ", ");
}
