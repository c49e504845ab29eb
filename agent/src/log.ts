import { format } from "node:util";

function write(level: string, text: string, args: readonly unknown[]): void {
    console.log(`${new Date().toISOString()} [CLUSTER] ${level}: ${format(text, ...args)}`);
}

/** Writes a line that an operator wants to see in normal times. Arguments as in util.format. */
export function info(text: string, ...args: unknown[]): void {
    write("INFO", text, args);
}

/** Writes a line about something that works less well than it should. */
export function warn(text: string, ...args: unknown[]): void {
    write("WARN", text, args);
}

/** Writes a line about something that failed. */
export function error(text: string, ...args: unknown[]): void {
    write("ERROR", text, args);
}

/** Says why this node cannot be part of the cluster and ends the process with exit code 1. */
export function refuse(reason: string): never {
    error("this node cannot be clustered: %s", reason);
    process.exit(1);
}

/** The message of whatever was thrown. */
export function messageOf(thrown: unknown): string {
    if (!(thrown instanceof Error)) return String(thrown);
    if (thrown.message !== "") return thrown.message;
    const { code } = thrown as { code?: unknown };
    return typeof code === "string" ? code : thrown.name;
}
