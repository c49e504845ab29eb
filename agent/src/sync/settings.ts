import type { Agent } from "../agent";
import { kumaModule } from "../kuma-modules";
import { viewingUsers } from "./audience";

type Follow = (agent: Agent, value: unknown) => unknown;

/** Settings of which Kuma keeps more than the value, and what it does when they are changed here. */
const FOLLOW: Readonly<Record<string, Follow>> = {
    entryPage: (agent, value) => {
        if (agent.kuma.server !== undefined) agent.kuma.server.entryPage = value;
    },
    serverTimezone: (agent, value) => {
        if (typeof value !== "string" || value === "") return;
        process.env["TZ"] = value;
        kumaModule(agent, "dayjs").tz.setDefault(value);
    },
    chromeExecutable: (agent) => {
        const browser = kumaModule(agent, "./monitor-types/real-browser-monitor-type");
        return browser.resetChrome?.();
    },
    nscd: (agent, value) => {
        const { server } = agent.kuma;
        return value === true ? server?.startNSCDServices?.() : server?.stopNSCDServices?.();
    },
    // Whoever came in while nobody had to log in is out, also who came since the log-out that Kuma does before it stores this.
    disableAuth: (agent, value) => {
        const { server } = agent.kuma;
        if (value === true || server === undefined) return;
        for (const user of viewingUsers(server.io)) server.disconnectAllSocketClients?.(user);
    },
    // 2.0.0-dev.0
    dnsCache: (agent) => {
        const { CacheableDnsHttpAgent: dns } = kumaModule(agent, "./cacheable-dns-http-agent");
        return dns?.update?.();
    },
};

/** Takes settings that another node has changed, with all that Kuma does when it stores them itself. */
export async function followSettings(agent: Agent, keys: readonly string[]): Promise<void> {
    const { Settings: settings } = kumaModule(agent, "./settings");
    settings.deleteCache(keys);
    for (const key of keys) {
        const follow = Object.hasOwn(FOLLOW, key) ? FOLLOW[key] : undefined;
        if (follow !== undefined) await follow(agent, await settings.get(key));
    }
    agent.kuma.clearCache?.();
    await sendInfo(agent);
}

async function sendInfo(agent: Agent): Promise<void> {
    const client = kumaModule(agent, "./client");
    for (const socket of agent.kuma.server?.io.sockets.sockets.values() ?? []) {
        if (socket.userID !== undefined) await client.sendInfo?.(socket);
    }
}
