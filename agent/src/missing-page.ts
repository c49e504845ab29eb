import { databaseOf, type Agent } from "./agent";
import type { ExpressApp } from "./kuma-web";

/** Pre-releases of 2.0.0 never answer when they are asked for the data of a status page that is not there. */
const NEVER_ANSWERS = /^2\.0\.0-/;

async function isMissing(agent: Agent, slug: string): Promise<boolean> {
    const rows = await databaseOf(agent).query("SELECT id FROM status_page WHERE slug = ?", [slug]);
    return rows.length === 0;
}

/**
 * Says 404, as later versions of Kuma do, for the data of a status page that is not there: who waits in vain takes the
 * node for dead, and the load balancer would serve its copy of a page that has been deleted.
 */
export function addMissingPageRoute(agent: Agent, app: ExpressApp): void {
    if (!NEVER_ANSWERS.test(agent.kumaVersion)) return;
    app.get("/api/status-page/:slug", (request, response, next) => {
        const answer = (missing: boolean): void => {
            if (missing) response.status(404).json({ status: "fail", msg: "Status Page Not Found" });
            else next();
        };
        // Whatever is wrong with the database is Kuma's to say.
        isMissing(agent, request.params["slug"] ?? "").then(answer, () => next());
    });
}
