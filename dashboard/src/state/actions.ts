/* What the visitor can do. Each ends with a notice that says what came of it. */
import { shallowRef } from "vue";
import { call } from "../api/client";
import { callGuarded } from "../api/guarded";
import type { Problem, Reply } from "../api/problem";
import { wantsSecret } from "../api/problem";
import { operationName } from "../text/sentences";
import { problemText } from "../text/problem-text";
import { lookAgain, refreshRoute } from "./cluster";
import { notify } from "./notices";
import { formats, text } from "./preferences";
import { refreshRegions } from "./regions";

export type PlanType = DryRunBody["type"];

const PATHS: Readonly<Record<PlanType, string>> = {
    rebalancing: "trigger-rebalancing",
    redistribution: "force-rebalance-all",
};

/** Names of the actions under way, so that none is begun twice. */
export const busy = shallowRef<ReadonlySet<string>>(new Set());

function setBusy(name: string, isBusy: boolean): void {
    const names = new Set(busy.value);
    if (isBusy) names.add(name);
    else names.delete(name);
    busy.value = names;
}

function complain(what: string, problem: Problem): void {
    // Who did not want to enter the secret knows why nothing happened.
    if (wantsSecret(problem)) return;
    notify(text.value.actions.failed(what, problemText(problem, text.value, formats.value)), true);
}

async function perform<T>(
    name: string,
    what: string,
    request: () => Promise<Reply<T>>,
    said: (body: T) => string,
): Promise<boolean> {
    if (busy.value.has(name)) return false;
    setBusy(name, true);
    try {
        const reply = await request();
        if (reply.ok) notify(said(reply.body));
        else complain(what, reply.problem);
        lookAgain();
        return reply.ok;
    } finally {
        setBusy(name, false);
    }
}

/** Makes this browser stay at the node. */
export async function pin(node: string): Promise<void> {
    const request = (): Promise<Reply<SetFixedNodeBody>> =>
        call("set-fixed-node", { method: "POST", body: { node } satisfies SetFixedNodeRequest });
    await perform("route", text.value.nodes.useLabel(node), request, (body) => text.value.mine.pinned(body.node));
    await refreshRoute();
}

/** Lets the load balancer choose this browser's node again. */
export async function release(): Promise<void> {
    const request = (): Promise<Reply<ClearFixedNodeBody>> => call("clear-fixed-node", { method: "POST" });
    await perform("route", text.value.mine.release, request, () => text.value.mine.released);
    await refreshRoute();
}

/** Takes the node out of service; its monitors leave it. */
export async function drain(node: string): Promise<void> {
    const path = `nodes/${encodeURIComponent(node)}/drain`;
    const said = (body: DrainBody): string => text.value.actions.drained(body.node_id);
    await perform(`node ${node}`, text.value.nodes.drainLabel(node), () => callGuarded<DrainBody>(path), said);
}

/** Ends the drain of the node. */
export async function ready(node: string): Promise<void> {
    const path = `nodes/${encodeURIComponent(node)}/ready`;
    const said = (body: DrainBody): string => text.value.actions.ready(body.node_id);
    await perform(`node ${node}`, text.value.nodes.readyLabel(node), () => callGuarded<DrainBody>(path), said);
}

/** Checks all nodes now. */
export async function checkHealth(): Promise<void> {
    const request = (): Promise<Reply<HealthCheckBody>> => callGuarded("trigger-health-check");
    await perform("check", text.value.actions.check, request, ({ result }) => text.value.actions.checked(result));
}

/** What a rebalancing would move. */
export function planMoves(type: PlanType): Promise<Reply<DryRunBody>> {
    return callGuarded(`${PATHS[type]}?dry_run=1`);
}

/** Begins a rebalancing; returns whether it was taken. */
export function startMoves(type: PlanType): Promise<boolean> {
    const said = (body: AcceptedBody): string =>
        text.value.actions.accepted(operationName(body.type, text.value), formats.value.number(body.id));
    const what = text.value.planDialog.titles[type];
    return perform(type, what, () => callGuarded<AcceptedBody>(PATHS[type]), said);
}

/** Adds a check from several places. What the API refuses is for the form to show. */
export async function addCheck(request: ProbeCheckRequest): Promise<Reply<ProbeCheckBody>> {
    const reply = await callGuarded<ProbeCheckBody>("probe-checks", { body: request });
    if (reply.ok) notify(text.value.regions.added(reply.body.name));
    await refreshRegions();
    return reply;
}

/** Removes a check and its push monitor; returns whether it is gone. */
export async function removeCheck({ id, name }: ProbeCheckBody): Promise<boolean> {
    const request = (): Promise<Reply<RemovedBody>> => callGuarded(`probe-checks/${id}`, { method: "DELETE" });
    const what = text.value.removeDialog.title(name);
    const isGone = await perform(`check ${id}`, what, request, () => text.value.regions.removed(name));
    await refreshRegions();
    return isGone;
}
