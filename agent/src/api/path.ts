/* Paths of the API: `/monitors/{id}/pause`, where what is in braces is a positive whole number. */

const NUMBER = "([1-9][0-9]{0,9})";

export interface PathPattern {
    readonly expression: RegExp;
    readonly names: readonly string[];
}

/** Prepares a path of the route table for matchPath. */
export function compilePath(path: string): PathPattern {
    const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "");
    const source = path.replace(/[.]/g, "\\.").replace(/\{\w+\}/g, NUMBER);
    return { expression: new RegExp(`^${source}/?$`), names };
}

/** The numbers in a path, or nothing when it does not fit the pattern. */
export function matchPath(pattern: PathPattern, path: string): Record<string, number> | undefined {
    const match = pattern.expression.exec(path);
    if (match === null) return undefined;
    return Object.fromEntries(pattern.names.map((name, index) => [name, Number(match[index + 1])]));
}
