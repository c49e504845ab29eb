/* Changes of a monitor, each made by the handler of Kuma's own that the web page calls. */
import { databaseOf, type Agent } from "../agent";
import { oneAtATime } from "../jobs";
import { Serial } from "../serial";
import type { Context } from "./http";
import { problemOfAnswer } from "./kuma-answer";
import { monitorKind } from "./monitor-query-store";
import type { MonitorTag } from "./monitor-references";
import { noMonitor } from "./problem";
import { callKuma, type KumaAnswer } from "./virtual-socket";

/** Has Kuma handle an event for the user of the request. Throws a Problem when Kuma refuses. */
export async function command(context: Context, event: string, ...args: unknown[]): Promise<KumaAnswer> {
    const answer = await callKuma(context.agent, context.server, context.user.id, event, ...args);
    if (!answer.ok) throw problemOfAnswer(answer.msg);
    return answer;
}

/** Pauses or resumes a monitor unless it is so already. Throws a Problem when it is gone or Kuma refuses. */
export async function setActive(context: Context, id: number, active: boolean): Promise<void> {
    const kind = await monitorKind(databaseOf(context.agent), id, context.user.id);
    if (kind === undefined) throw noMonitor(id);
    if (kind.active !== active) await command(context, active ? "resumeMonitor" : "pauseMonitor", id);
}

/** Gives a monitor exactly these tags. Throws a Problem when Kuma refuses. */
export async function setTags(
    context: Context,
    id: number,
    wanted: readonly MonitorTag[],
    present: readonly MonitorTag[],
): Promise<void> {
    const isIn = (list: readonly MonitorTag[], tag: MonitorTag): boolean =>
        list.some((one) => one.tag_id === tag.tag_id && one.value === tag.value);
    for (const tag of present) {
        if (!isIn(wanted, tag)) await command(context, "deleteMonitorTag", tag.tag_id, id, tag.value);
    }
    for (const tag of wanted) {
        if (!isIn(present, tag)) await command(context, "addMonitorTag", tag.tag_id, id, tag.value);
    }
}

/** Leases that the changes of all monitors share: a row for each monitor would be in the way for ever. */
const LEASES = 16;

/** Those of this node do not wait for its own lease. */
const serials = new Map<number, Serial>();

/**
 * Runs the changes of one monitor one after the other, whichever nodes they come to: each reads the monitor, and then
 * writes all of it.
 */
export function inTurn<Result>(agent: Agent, id: number, work: () => Promise<Result>): Promise<Result> {
    const place = id % LEASES;
    const serial = serials.get(place) ?? new Serial();
    serials.set(place, serial);
    return serial.run(() => oneAtATime(agent, `edit:${place}`, work));
}
