/* The routes that change monitors. */
import { databaseOf, type Agent } from "../agent";
import { monitorColumns } from "./column-store";
import { ok, type Answer, type Context } from "./http";
import { kumaModule } from "../kuma-modules";
import { command, inTurn, setActive, setTags } from "./monitor-commands";
import { defaultsFor } from "./monitor-defaults";
import { blankFields, checkBasics, readFields, type Columns, type Fields } from "./monitor-fields";
import { checkReferences, readTags, type MonitorTag } from "./monitor-references";
import { monitorTypes } from "./monitor-types";
import { readMonitor, showMonitor, type StoredMonitor } from "./monitor-view";
import { Problem } from "./problem";
import { unchangedFields, unshownColumns } from "./row";

/** Makes all the fields that Kuma is to store of those that were given and those that the monitor has. */
type Merge = (fields: Fields, shown: Fields, columns: Columns) => Fields;

/** PUT /monitors/{id} */
export function replaceMonitor(context: Context): Promise<Answer> {
    return edit(context, (fields, shown, columns) => {
        const token = fields["type"] === shown["type"] ? { pushToken: shown["pushToken"] } : {};
        const base = { ...blankFields(shown, columns), ...withDefaults(context.agent, fields, columns), ...token };
        return { ...base, notificationIDList: {}, ...fields };
    });
}

/** PATCH /monitors/{id} */
export function patchMonitor(context: Context): Promise<Answer> {
    return edit(context, (fields, shown, columns) => {
        const isOther = fields["type"] !== undefined && fields["type"] !== shown["type"];
        const defaults = isOther ? withDefaults(context.agent, fields, columns) : {};
        const isEmpty = ([field]: [string, unknown]): boolean => (shown[field] ?? "") === "";
        const missing = Object.fromEntries(Object.entries(defaults).filter(isEmpty));
        return { ...shown, ...missing, ...fields };
    });
}

/** The fields of a new monitor that were not given, as Kuma's web page would fill them in. */
export function withDefaults(agent: Agent, given: Fields, columns: Columns): Record<string, unknown> {
    return defaultsFor(given, columns, (length) => kumaModule(agent, "../src/util").genSecret(length));
}

async function store(context: Context, before: StoredMonitor, merged: Fields, columns: Columns): Promise<void> {
    const id = Number(before.row["id"]);
    checkBasics(merged, monitorTypes(context.agent));
    await checkReferences(context, merged, id);
    await command(context, "editMonitor", { ...unshownColumns(before.shown, before.row, columns), ...merged, id });
}

/** Throws a Problem when Kuma, which says nothing of it, did not store some of the fields: it does not edit them all. */
async function requireStored(context: Context, fields: Fields, before: StoredMonitor): Promise<void> {
    const after = await readMonitor(context, Number(before.row["id"]), context.user.id);
    const names = unchangedFields(fields, before.row, after.row);
    if (names.length === 0) return;
    const message = `Uptime Kuma ${context.agent.kumaVersion} left these fields as they were: ${names.join(", ")}`;
    throw new Problem(400, "not_changed", message, { fields: names });
}

async function editNow(context: Context, id: number, merge: Merge): Promise<Answer> {
    const { agent, user } = context;
    const columns = await monitorColumns(databaseOf(agent));
    const before = await readMonitor(context, id, user.id);
    const { shown, row } = before;
    const { tags, active, ...fields } = readFields(context.body, columns, Object.keys({ ...row, ...shown }), shown);
    const wanted = await readTags(context, tags);
    const isStored = context.request.method === "PUT" || Object.keys(fields).length > 0;
    if (isStored) await store(context, before, merge(fields, shown, columns), columns);
    // 2.0.0-dev.0 resumes a paused monitor when it is edited. A group that is paused shows its monitors as paused.
    const isSwitched = active !== undefined && active !== shown["active"];
    await setActive(context, id, isSwitched ? Boolean(active) : Number(row["active"]) === 1);
    if (wanted !== undefined) await setTags(context, id, wanted, (shown["tags"] ?? []) as MonitorTag[]);
    if (isStored) await requireStored(context, fields, before);
    return ok(await showMonitor(context, id, user.id));
}

function edit(context: Context, merge: Merge): Promise<Answer> {
    const id = context.params["id"] ?? 0;
    return inTurn(context.agent, id, () => editNow(context, id, merge));
}
