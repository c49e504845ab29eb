import type { Agent } from "../agent";

/** A change to one module of Kuma or of its packages, made in place when the module is loaded. */
export interface Hook {
    /** The file below Kuma's server folder, or the name of a package. */
    readonly module: string;
    /** Without it two nodes could run one monitor, so a node where it fails may not start. */
    readonly essential: boolean;
    /** Changes what the module exports. Returns what it did not find there, or nothing when all is done. */
    patch(exports: unknown, agent: Agent): string | undefined;
    /** Undoes patch, also one that was done by half. */
    unpatch(exports: unknown): void;
}

/** A property of a module's exports, or undefined when there is none. */
export function member<T>(exports: unknown, name: string): T | undefined {
    return (exports as Record<string, T | undefined> | undefined)?.[name];
}
