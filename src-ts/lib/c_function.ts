/* Functions of the libraries that nginx is linked with, each under a name of our own. */
import * as ffi from "ffi";

export type CFunction = (this: void, ...args: unknown[]) => unknown;

/**
 * A function by its declaration in C, with %s in place of its name; nil where this nginx has none of that name.
 * Another module may have declared the same function with types of its own, and C's names cannot be declared twice.
 */
export function c_function(declaration: string, name: string): CFunction | undefined {
    const alias = "kuma_" + name;
    const [declared] = pcall(ffi.cdef, string.format(declaration, alias) + ` __asm__("${name}");`);
    const [found, fn] = pcall(() => ffi.C[alias]);
    return declared && found ? fn : undefined;
}
