import type { Agent } from "../agent";
import type { ExpressApp } from "../kuma-web";
import { addMetricsRoute } from "./metrics";
import { addPushRoute } from "./push";
import { addScreenshotRoute } from "./screenshots";
import { addUploadRoute } from "./uploads";

/** Adds the routes by which nodes serve what only another one has. They have to come before Kuma's own. */
export function addPeerRoutes(agent: Agent, app: ExpressApp): void {
    addPushRoute(agent, app);
    addUploadRoute(agent, app);
    addScreenshotRoute(agent, app);
    addMetricsRoute(agent, app);
}
