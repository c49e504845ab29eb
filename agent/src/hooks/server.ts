import type { Agent } from "../agent";
import { installApi } from "../api/install";
import { abandonBoot, finishBoot, giveUp } from "../boot";
import type { KumaServer, KumaServerClass } from "../kuma";
import * as log from "../log";
import { addMissingPageRoute } from "../missing-page";
import { addPeerRoutes } from "../peers/routes";
import { shareOldUploads } from "../peers/uploads";
import { startReconciling } from "../reconcile";
import { startSync } from "../sync/loops";
import { leave } from "../shutdown";
import { firstProblem, unwrap, wrap } from "../wrap";
import { member, type Hook } from "./hook";
import { patchSockets } from "./sockets";
import { followOtherNodes } from "../sync/receivers";
import { isRepeat } from "../sync/origin";
import { tellLists } from "../sync/lists";

/** Kuma's server object: the node's API, the sockets, and the moment when the database is ready. */
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
            tellLogOuts(server, agent),
        );
    },

    unpatch(exports) {
        const server = member<KumaServerClass>(exports, "UptimeKumaServer");
        if (server === undefined) return;
        unwrap(server, "getInstance");
        unwrap(server.prototype, "initAfterDatabaseReady");
        unwrap(server.prototype, "disconnectAllSocketClients");
    },
};

/** A user who is logged out everywhere is so on every node. 2.0.0-dev.0 logs nobody out. */
function tellLogOuts(server: KumaServerClass, agent: Agent): string | undefined {
    if (server.prototype.disconnectAllSocketClients === undefined) return undefined;
    return wrap(server.prototype, "disconnectAllSocketClients", (original) => {
        return function (this: KumaServer, user, except) {
            if (!isRepeat()) agent.events.publish("kuma.log-out", { user });
            original.call(this, user, except);
        };
    });
}

function adopt(agent: Agent, server: KumaServer): void {
    agent.kuma.server = server;
    // Before Kuma's own routes, the last of which answers everything.
    installApi(agent, server);
    addPeerRoutes(agent, server.app);
    addMissingPageRoute(agent, server.app);
    const onError = (thrown: unknown): void => void leave(agent).then(() => giveUp(thrown));
    // A node that serves nobody must not say that it lives.
    server.httpServer.once("error", onError);
    // Kuma starts its monitors when it listens.
    server.httpServer.once("listening", () => {
        server.httpServer.off("error", onError);
        startReconciling(agent);
        startSync(agent);
        void shareOldUploads(agent);
    });
    followOtherNodes(agent);
    for (const problem of [patchSockets(server.io, agent), tellLists(agent, server.io)]) {
        if (problem === undefined) continue;
        log.warn("Uptime Kuma %s: %s", agent.kumaVersion, problem);
        agent.degraded.push(problem);
    }
}
