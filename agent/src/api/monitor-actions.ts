/* The routes that do something with a monitor. */
import { databaseOf } from "../agent";
import { nodeStatuses } from "../node-store";
import { ok, type Answer, type Context } from "./http";
import { heartbeats, type HeartbeatRow } from "./heartbeat-store";
import { inTurn, setActive } from "./monitor-commands";
import { monitorKind, setHomeNode, setPinned } from "./monitor-query-store";
import { showMonitor } from "./monitor-view";
import { noMonitor, Problem } from "./problem";
import { flagParameter, limitOf, numberParameter } from "./query";
import { isoTime } from "./time";

const MOST_ID = 4_294_967_295;

async function requireMonitor({ agent, params, user }: Context): Promise<number> {
    const id = params["id"] ?? 0;
    if ((await monitorKind(databaseOf(agent), id, user.id)) === undefined) throw noMonitor(id);
    return id;
}

async function switchMonitor(context: Context, active: boolean): Promise<Answer> {
    const id = await requireMonitor(context);
    await inTurn(context.agent, id, () => setActive(context, id, active));
    return ok(await showMonitor(context, id, context.user.id));
}

/** POST /monitors/{id}/pause */
export function pauseMonitor(context: Context): Promise<Answer> {
    return switchMonitor(context, false);
}

/** POST /monitors/{id}/resume */
export function resumeMonitor(context: Context): Promise<Answer> {
    return switchMonitor(context, true);
}

async function settle(context: Context, pinned: boolean): Promise<Answer> {
    const { agent, body, user } = context;
    const id = await requireMonitor(context);
    const node = body["node_id"];
    if (typeof node !== "string" || node === "") {
        throw new Problem(400, "missing_field", "node_id must be the id of a node", { fields: ["node_id"] });
    }
    const database = databaseOf(agent);
    const status = (await nodeStatuses(database)).get(node);
    if (status === undefined) throw new Problem(404, "node_not_found", `there is no node ${node}`);
    if (status !== "online" || !(await setHomeNode(database, id, node))) {
        throw new Problem(409, "node_not_online", `node ${node} is not online`);
    }
    await setPinned(database, id, pinned);
    // This node need not wait for its next look; the others take theirs.
    await agent.ownership.poll(database, agent.bootId);
    return ok(await showMonitor(context, id, user.id));
}

/** POST /monitors/{id}/assign */
export function assignMonitor(context: Context): Promise<Answer> {
    return settle(context, false);
}

/** POST /monitors/{id}/pin */
export function pinMonitor(context: Context): Promise<Answer> {
    return settle(context, true);
}

/** DELETE /monitors/{id}/pin */
export async function unpinMonitor(context: Context): Promise<Answer> {
    const id = await requireMonitor(context);
    await setPinned(databaseOf(context.agent), id, false);
    return ok(await showMonitor(context, id, context.user.id));
}

function showBeat(monitorId: number, row: HeartbeatRow): object {
    const { important, time, ...rest } = row;
    return { ...rest, monitor_id: monitorId, important: important === 1, time: isoTime(time) };
}

/** GET /monitors/{id}/heartbeats */
export async function listHeartbeats(context: Context): Promise<Answer> {
    const { agent, query } = context;
    const page = {
        limit: limitOf(query),
        before: numberParameter(query, "before", 1, MOST_ID),
        important: flagParameter(query, "important"),
    };
    const id = await requireMonitor(context);
    // One more than asked for tells whether there is a next page.
    const rows = await heartbeats(databaseOf(agent), id, { ...page, limit: page.limit + 1 });
    const shown = rows.slice(0, page.limit);
    const next = rows.length > page.limit ? (shown.at(-1)?.id ?? null) : null;
    return ok({ heartbeats: shown.map((row) => showBeat(id, row)), limit: page.limit, next_before: next });
}
