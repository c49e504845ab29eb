import { databaseOf, type Agent } from "../agent";
import { acquireLease } from "../lease";
import * as log from "../log";
import { unwrap, wrap } from "../wrap";
import type { Hook } from "./hook";

interface Cloudflared {
    autoStart(token?: string): Promise<unknown>;
    stop(): Promise<unknown>;
}

/** Waits its turn, which comes when the node that has the tunnel ends, and starts the tunnel. */
async function startInTurn(agent: Agent, cloudflared: Cloudflared, start: () => Promise<unknown>): Promise<void> {
    const onLost = (reason: string): void => {
        log.warn(reason);
        void cloudflared.stop();
    };
    await acquireLease(databaseOf(agent), "cloudflared", agent.config.nodeId, onLost);
    await start();
}

/**
 * Kuma's tunnel, started by a token in the settings that all nodes share. Cloudflare would spread connections over all
 * of them, past the load balancer, so one node at a time has it.
 */
export const cloudflaredHook: Hook = {
    module: "socket-handlers/cloudflared-socket-handler.js",
    essential: false,

    patch(exports, agent) {
        const cloudflared = exports as Cloudflared;
        return wrap(cloudflared, "autoStart", (original) => {
            return async function (this: Cloudflared, token) {
                const { Settings: settings } = agent.kumaRequire("./settings") as {
                    Settings: { get(key: string): Promise<unknown> };
                };
                const stored = token ?? (await settings.get("cloudflaredTunnelToken"));
                if (typeof stored !== "string" || stored === "") return;
                const start = (): Promise<unknown> => original.call(cloudflared, token);
                startInTurn(agent, cloudflared, start).catch((thrown: unknown) => {
                    log.warn("cannot start cloudflared: %s", log.messageOf(thrown));
                });
            };
        });
    },

    unpatch(exports) {
        unwrap(exports as Cloudflared, "autoStart");
    },
};
