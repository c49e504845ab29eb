/* What a monitor refers to, which Kuma's handlers do not look at before they store it. */
import { databaseOf } from "../agent";
import { ownNotifications } from "./catalog-store";
import type { Context } from "./http";
import type { Fields } from "./monitor-fields";
import { monitorKind } from "./monitor-query-store";
import { Problem } from "./problem";
import { allTags } from "./tag-store";

function unknown(field: string, message: string): Problem {
    return new Problem(400, "unknown_reference", message, { fields: [field] });
}

async function checkNotifications({ agent, user }: Context, fields: Fields): Promise<void> {
    const list = fields["notificationIDList"];
    if (list === undefined) return;
    const ids = Object.keys(list as Fields);
    const numbers = ids.map(Number).filter(Number.isSafeInteger);
    const own = await ownNotifications(databaseOf(agent), user.id, numbers);
    const missing = ids.filter((id) => !own.has(Number(id)));
    if (missing.length > 0) throw unknown("notificationIDList", `there is no notification ${missing.join(", ")}`);
}

async function checkParent({ agent, user }: Context, fields: Fields, id: number | undefined): Promise<void> {
    const { parent } = fields;
    if (parent === undefined || parent === null) return;
    const group = Number.isSafeInteger(parent)
        ? await monitorKind(databaseOf(agent), Number(parent), user.id)
        : undefined;
    // A monitor that is its own group would have Kuma look for its children without end.
    if (group?.type === "group" && parent !== id) return;
    throw unknown("parent", `there is no group ${String(parent)} that the monitor can be in`);
}

/** Throws a Problem when the fields refer to notifications or a group that the user does not have. */
export async function checkReferences(context: Context, fields: Fields, id?: number): Promise<void> {
    await checkNotifications(context, fields);
    await checkParent(context, fields, id);
}

/** A tag on a monitor. */
export interface MonitorTag {
    readonly tag_id: number;
    readonly value: string | null;
}

/** The tags that a request names by tag_id or by name. Throws a Problem when there is no such tag. */
export async function readTags({ agent }: Context, wanted: unknown): Promise<MonitorTag[] | undefined> {
    if (wanted === undefined) return undefined;
    const known = await allTags(databaseOf(agent));
    return (wanted as unknown[]).map((entry) => {
        const { tag_id: id, name, value } = Object(entry) as Record<string, unknown>;
        const tag = known.find((one) => (id === undefined ? one.name === name : one.id === id));
        if (tag === undefined) throw unknown("tags", `there is no tag ${String(id ?? name)}`);
        return { tag_id: tag.id, value: typeof value === "string" || value === null ? value : "" };
    });
}
