const ORIGINAL = Symbol("original");

type Callable = (...args: never[]) => unknown;
type Methods<T> = { [K in keyof T]-?: NonNullable<T[K]> extends Callable ? K : never }[keyof T] & string;
type Wrapper<F> = F & { [ORIGINAL]?: F };

/** Whether the method of that name is one that wrap() put there. */
export function isWrapped<T extends object>(target: T, name: Methods<T>): boolean {
    const method = target[name] as Wrapper<Callable> | undefined;
    return typeof method === "function" && method[ORIGINAL] !== undefined;
}

/**
 * Replaces a method by what `make` returns for the original; a second call on the same method changes nothing.
 * Returns a sentence when there is no such method, else nothing.
 */
export function wrap<T extends object, K extends Methods<T>>(
    target: T,
    name: K,
    make: (original: NonNullable<T[K]>) => NonNullable<T[K]>,
): string | undefined {
    const original: unknown = target[name];
    if (typeof original !== "function") return `${name} is not a function`;
    if (isWrapped(target, name)) return undefined;
    const wrapper = make(original as unknown as NonNullable<T[K]>);
    (wrapper as unknown as Wrapper<Callable>)[ORIGINAL] = original as Callable;
    target[name] = wrapper;
    return undefined;
}

/** Puts the original method back. Does nothing when somebody else has replaced ours since. */
export function unwrap<T extends object, K extends Methods<T>>(target: T, name: K): void {
    const original = (target[name] as Wrapper<Callable> | undefined)?.[ORIGINAL];
    if (original !== undefined) target[name] = original as T[K];
}

/** The first sentence of what went wrong among the results of several wrap() calls. */
export function firstProblem(...results: (string | undefined)[]): string | undefined {
    return results.find((result) => result !== undefined);
}
