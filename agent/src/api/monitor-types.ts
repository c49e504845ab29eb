import type { Agent } from "../agent";
import { kumaModule } from "../kuma-modules";

let known: ReadonlySet<string> | undefined;

/** The types that a source of Kuma's compares a monitor's type with. Pure. */
export function typesInSource(source: string): Set<string> {
    return new Set([...source.matchAll(/this\.type === "([a-z0-9-]+)"/g)].map((match) => match[1] ?? ""));
}

/**
 * The types of monitors that the running Kuma can check: those it registers, and those that its check itself asks for.
 * Empty when they cannot be told.
 */
export function monitorTypes(agent: Agent): ReadonlySet<string> {
    if (known !== undefined) return known;
    const registered = Object.keys(kumaModule(agent, "./uptime-kuma-server").UptimeKumaServer.monitorTypeList);
    const asked = typesInSource(String(agent.kuma.startMonitor));
    known = asked.has("http") ? new Set([...registered, ...asked]) : new Set<string>();
    return known;
}
