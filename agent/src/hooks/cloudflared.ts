import { databaseOf, type Agent } from "../agent";
import { sleep } from "../clock";
import { kumaModule } from "../kuma-modules";
import { acquireLease } from "../lease";
import * as log from "../log";
import { unwrap, wrap } from "../wrap";
import type { Hook } from "./hook";

const AGAIN_MS = 5000;

interface Cloudflared {
    autoStart(token?: string): Promise<unknown>;
    stop(): Promise<unknown>;
}

/** Waits for the lease, has the tunnel while it lasts, and returns when it is lost. Throws when it cannot be had. */
async function haveTunnel(agent: Agent, cloudflared: Cloudflared, start: () => Promise<unknown>): Promise<void> {
    let onLost: (reason: string) => void = () => undefined;
    const lost = new Promise<string>((resolve) => (onLost = resolve));
    const lease = await acquireLease(databaseOf(agent), "cloudflared", agent.config.nodeId, (reason) => onLost(reason));
    try {
        await start();
        log.warn(await lost);
        await cloudflared.stop();
    } finally {
        await lease.release();
    }
}

/** Has the tunnel whenever it is this node's turn: first come, and when the node that has it ends. Never ends. */
async function takeTurns(agent: Agent, cloudflared: Cloudflared, start: () => Promise<unknown>): Promise<never> {
    for (;;) {
        await haveTunnel(agent, cloudflared, start).catch((thrown: unknown) => {
            log.warn("cannot start cloudflared: %s", log.messageOf(thrown));
        });
        await sleep(AGAIN_MS);
    }
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
                const { Settings: settings } = kumaModule(agent, "./settings");
                const stored = token ?? (await settings.get("cloudflaredTunnelToken"));
                if (typeof stored !== "string" || stored === "") return;
                const start = (): Promise<unknown> => original.call(cloudflared, token);
                void takeTurns(agent, cloudflared, start);
            };
        });
    },

    unpatch(exports) {
        unwrap(exports as Cloudflared, "autoStart");
    },
};
