/* The routes that read, add and delete monitors. */
import { databaseOf } from "../agent";
import { ownerOrClaim } from "../claim";
import { preselected } from "./catalog-store";
import { monitorColumns } from "./column-store";
import { ok, type Answer, type Context } from "./http";
import { kumaModule } from "../kuma-modules";
import { command, inTurn, setTags } from "./monitor-commands";
import { FIELD_NAMES } from "./monitor-defaults";
import { withDefaults } from "./monitor-edit";
import { checkBasics, readFields } from "./monitor-fields";
import { monitorIds, monitorKind } from "./monitor-query-store";
import { checkReferences, readTags } from "./monitor-references";
import { monitorTypes } from "./monitor-types";
import { showMonitor, showMonitors } from "./monitor-view";
import { noMonitor, Problem } from "./problem";
import { flagParameter, pageInfo, pageOf, textParameter } from "./query";

/** GET /monitors */
export async function listMonitors(context: Context): Promise<Answer> {
    const { agent, query, user } = context;
    const page = pageOf(query);
    const filter = {
        user: user.id,
        type: textParameter(query, "type"),
        active: flagParameter(query, "active"),
        node: textParameter(query, "node"),
        name: textParameter(query, "name"),
        tag: textParameter(query, "tag"),
    };
    const { ids, total } = await monitorIds(databaseOf(agent), filter, page);
    return ok({ monitors: await showMonitors(context, ids, user.id), ...pageInfo(page, total) });
}

/** GET /monitors/{id} */
export async function getMonitor(context: Context): Promise<Answer> {
    return ok(await showMonitor(context, idOf(context), context.user.id));
}

/** POST /monitors */
export async function createMonitor(context: Context): Promise<Answer> {
    const { agent, user } = context;
    const database = databaseOf(agent);
    const columns = await monitorColumns(database);
    const { tags, ...given } = readFields(context.body, columns, FIELD_NAMES, undefined);
    checkBasics(given, monitorTypes(agent));
    await checkReferences(context, given);
    const wanted = await readTags(context, tags);
    const chosen = await preselected(database, user.id);
    const notificationIDList = Object.fromEntries(chosen.notifications.map((id) => [id, true]));
    const monitor = {
        ...withDefaults(agent, given, columns),
        ...(chosen.proxy === undefined ? {} : { proxyId: chosen.proxy }),
        notificationIDList,
        ...given,
    };
    const id = Number((await command(context, "add", monitor)).monitorID);
    // Kuma may answer before it has started the monitor, which is what gives it a node.
    if (given["active"] !== false) await ownerOrClaim(agent, id);
    if (wanted !== undefined) await setTags(context, id, wanted, []);
    const body = await showMonitor(context, id, user.id);
    return { status: 201, body, headers: { Location: `/api/v1/monitors/${id}` } };
}

/** DELETE /monitors/{id} */
export async function deleteMonitor(context: Context): Promise<Answer> {
    const { agent, query, user } = context;
    const id = idOf(context);
    const withChildren = flagParameter(query, "delete_children") ?? false;
    const canDeleteChildren = kumaModule(agent, "./model/monitor").deleteMonitorRecursively !== undefined;
    if (withChildren && !canDeleteChildren) {
        throw new Problem(
            400,
            "not_supported",
            `Uptime Kuma ${agent.kumaVersion} cannot delete a group's monitors with it`,
        );
    }
    await inTurn(context.agent, id, async () => {
        if ((await monitorKind(databaseOf(agent), id, user.id)) === undefined) throw noMonitor(id);
        await command(context, "deleteMonitor", id, ...(canDeleteChildren ? [withChildren] : []));
    });
    return ok({ id, deleted: true });
}

function idOf({ params }: Context): number {
    return params["id"] ?? 0;
}
