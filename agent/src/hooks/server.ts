import type { Agent } from "../agent";
import { abandonBoot, finishBoot, giveUp } from "../boot";
import { EventLoopLag, sendHealth } from "../health";
import type { KumaServer, KumaServerClass } from "../kuma";
import * as log from "../log";
import { addPeerRoutes } from "../peers/routes";
import { shareOldUploads } from "../peers/uploads";
import { startReconciling } from "../reconcile";
import { leave } from "../shutdown";
import { firstProblem, unwrap, wrap } from "../wrap";
import { member, type Hook } from "./hook";
import { patchSockets } from "./sockets";

/** Kuma's server object: the health route, the sockets, and the moment when the database is ready. */
export const serverHook: Hook = {
    module: "uptime-kuma-server.js",
    essential: true,

    patch(exports, agent) {
        const server = member<KumaServerClass>(exports, "UptimeKumaServer");
        if (server === undefined) return "it does not export UptimeKumaServer";
        return firstProblem(
            wrap(server, "getInstance", (original) => {
                return function (this: KumaServerClass, ...args: unknown[]) {
                    const instance = original.apply(server, args);
                    if (agent.kuma.server === undefined) adopt(agent, instance);
                    return instance;
                };
            }),
            wrap(server.prototype, "initAfterDatabaseReady", (original) => {
                return async function (this: unknown, ...args: unknown[]) {
                    await finishBoot(agent).catch(async (thrown: unknown) => {
                        await abandonBoot();
                        giveUp(thrown);
                    });
                    return original.apply(this as KumaServerClass["prototype"], args);
                };
            }),
        );
    },

    unpatch(exports) {
        const server = member<KumaServerClass>(exports, "UptimeKumaServer");
        if (server === undefined) return;
        unwrap(server, "getInstance");
        unwrap(server.prototype, "initAfterDatabaseReady");
    },
};

function adopt(agent: Agent, server: KumaServer): void {
    agent.kuma.server = server;
    const lag = new EventLoopLag();
    // Before Kuma's own routes, the last of which answers everything.
    server.app.get("/api/v1/health", (_request, response) => {
        sendHealth(agent, lag, response);
    });
    addPeerRoutes(agent, server.app);
    const onError = (thrown: unknown): void => void leave(agent).then(() => giveUp(thrown));
    // A node that serves nobody must not say that it lives.
    server.httpServer.once("error", onError);
    // Kuma starts its monitors when it listens.
    server.httpServer.once("listening", () => {
        server.httpServer.off("error", onError);
        startReconciling(agent);
        void shareOldUploads(agent);
    });
    const problem = patchSockets(server.io, agent);
    if (problem !== undefined) log.warn("Uptime Kuma %s: %s", agent.kumaVersion, problem);
}
