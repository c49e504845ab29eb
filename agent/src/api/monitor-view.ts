import { databaseOf } from "../agent";
import type { Api } from "./http";
import { kumaModule, redbeanOf, type MonitorModelBean } from "../kuma-modules";
import type { Fields } from "./monitor-fields";
import { findMonitors, placements, type Placement } from "./monitor-query-store";
import { noMonitor } from "./problem";

const NOWHERE: Placement = { node_id: null, assigned_node: null, owner_node: null, pinned: false };

async function show({ agent }: Api, beans: readonly MonitorModelBean[]): Promise<Fields[]> {
    const model = kumaModule(agent, "./model/monitor");
    const preloaded = await model.preparePreloadData?.(beans.map(({ id, active, name }) => ({ id, active, name })));
    const where = await placements(
        databaseOf(agent),
        beans.map((bean) => bean.id),
    );
    const shown: Fields[] = [];
    // One after the other: 2.0.0-dev.0 makes several queries for each.
    for (const bean of beans) shown.push({ ...(await bean.toJSON(preloaded)), ...(where.get(bean.id) ?? NOWHERE) });
    return shown;
}

/** A user's monitors as Kuma shows them to its web page, each with its nodes, by id. Throws what the database throws. */
export async function showMonitors(api: Api, ids: readonly number[], user: number): Promise<Fields[]> {
    return show(api, await findMonitors(redbeanOf(api.agent), ids, user));
}

/** One monitor as showMonitors has it. Throws a Problem when the user has none of this id. */
export async function showMonitor(api: Api, id: number, user: number): Promise<Fields> {
    const [monitor] = await showMonitors(api, [id], user);
    if (monitor === undefined) throw noMonitor(id);
    return monitor;
}

/** A monitor as it is shown, and its row by the names of Kuma's own columns. */
export interface StoredMonitor {
    readonly shown: Fields;
    readonly row: Fields;
}

/** Reads one monitor in both forms. Throws a Problem when the user has none of this id. */
export async function readMonitor(api: Api, id: number, user: number): Promise<StoredMonitor> {
    const [bean] = await findMonitors(redbeanOf(api.agent), [id], user);
    if (bean === undefined) throw noMonitor(id);
    const row = bean.export(false);
    const [shown = {}] = await show(api, [bean]);
    return { shown, row };
}
