/* The routes that list what there is besides monitors. */
import { databaseOf } from "../agent";
import { children, groups, notifications, statusPages } from "./catalog-store";
import { ok, type Answer, type Context } from "./http";
import { allNodes, monitorCounts } from "./node-list-store";
import { pageInfo, pageOf } from "./query";
import { isoTime } from "./time";

/** GET /nodes */
export async function listNodes({ agent }: Context): Promise<Answer> {
    const database = databaseOf(agent);
    const [rows, counts] = await Promise.all([allNodes(database), monitorCounts(database)]);
    const nodes = rows.map((row) => ({
        ...row,
        is_primary: row.is_primary === 1,
        last_seen: row.last_seen === null ? null : isoTime(row.last_seen),
        monitors_assigned: counts.get(row.node_id)?.assigned ?? 0,
        monitors_active: counts.get(row.node_id)?.active ?? 0,
        this: row.node_id === agent.config.nodeId,
    }));
    return ok({ nodes });
}

/** GET /notifications. What they are configured with is secret. */
export async function listNotifications({ agent, query, user }: Context): Promise<Answer> {
    const page = pageOf(query);
    const { rows, total } = await notifications(databaseOf(agent), user.id, page);
    const list = rows.map(({ id, name, type, active, is_default: isDefault }) => {
        return { id, name, type, active: active === 1, isDefault: isDefault === 1 };
    });
    return ok({ notifications: list, ...pageInfo(page, total) });
}

/** GET /status-pages */
export async function listStatusPages({ agent, query }: Context): Promise<Answer> {
    const page = pageOf(query);
    const { rows, total } = await statusPages(databaseOf(agent), page);
    const list = rows.map((row) => ({ ...row, published: row.published === 1 }));
    return ok({ status_pages: list, ...pageInfo(page, total) });
}

/** GET /groups */
export async function listGroups({ agent, query, user }: Context): Promise<Answer> {
    const page = pageOf(query);
    const database = databaseOf(agent);
    const { rows, total } = await groups(database, user.id, page);
    const members = await children(
        database,
        rows.map((row) => row.id),
    );
    const list = rows.map((row) => ({ ...row, active: row.active === 1, children: members.get(row.id) ?? [] }));
    return ok({ groups: list, ...pageInfo(page, total) });
}
