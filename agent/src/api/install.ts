import type { Agent } from "../agent";
import { EventLoopLag } from "../health";
import type { KumaServer } from "../kuma";
import type { Request } from "../kuma-web";
import { dispatch } from "./dispatch";

/** Has Kuma's web server answer everything under /api/v1 by the API. Only before Kuma adds its own routes. */
export function installApi(agent: Agent, server: KumaServer): void {
    const api = { agent, server, lag: new EventLoopLag() };
    server.app.use("/api/v1", (request: Request, response) => void dispatch(api, request, response));
}
