import { existsSync, readFileSync } from "node:fs";

/** Where the process runs, as far as it can tell. */
export type EnvironmentKind = "plain" | "docker" | "kubernetes";

type Variables = Readonly<Record<string, string | undefined>>;

/** What is needed of the machine, so that tests can describe another one. */
export interface Machine {
    readonly isContainer: boolean;
    /** The text of /etc/hosts. */
    readonly hosts: string;
}

/** Reads what this machine says of itself. Never throws. */
export function thisMachine(): Machine {
    let hosts = "";
    try {
        hosts = readFileSync("/etc/hosts", "utf8");
    } catch {
        // There are systems without it.
    }
    return { isContainer: existsSync("/.dockerenv") || existsSync("/run/.containerenv"), hosts };
}

/** Where a process with these variables on this machine runs. */
export function environmentKind(variables: Variables, machine: Machine): EnvironmentKind {
    if ((variables["KUBERNETES_SERVICE_HOST"] ?? "") !== "") return "kubernetes";
    return machine.isContainer || variables["UPTIME_KUMA_IS_CONTAINER"] === "1" ? "docker" : "plain";
}

/**
 * The name by which other machines reach this one. A pod of a StatefulSet has its full name in /etc/hosts, and other
 * pods resolve only that one; a pod without such a name is reached by its address.
 */
export function reachableName(kind: EnvironmentKind, host: string, machine: Machine): string {
    if (kind !== "kubernetes") return host;
    for (const line of machine.hosts.split("\n")) {
        const [address, ...names] = line.replace(/#.*/, "").trim().split(/\s+/);
        if (address === undefined || !names.includes(host)) continue;
        const full = names.find((name) => name.startsWith(`${host}.`));
        return full ?? (address.includes(":") ? `[${address}]` : address);
    }
    return host;
}

/** Whether a name is what Docker calls a container that nobody has named: another one after each re-creation. */
export function isContainerId(kind: EnvironmentKind, host: string): boolean {
    return kind === "docker" && /^[0-9a-f]{12}$/.test(host);
}
