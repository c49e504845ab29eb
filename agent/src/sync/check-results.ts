import type { Agent } from "../agent";
import type { Bean } from "../kuma";
import { fingerprint, type Run } from "../runs";

/** Tables in which a check leaves what browsers show beside its beats. */
const SHOWN = new Set(["monitor_tls_info", "domain_expiry"]);

/** Of each monitor what other nodes were told last, by table. */
const told = new WeakMap<Run, Map<string, string>>();

/**
 * Notes what a check has stored. When it is a certificate or a domain that differs from what this run stored before, the
 * other nodes send it to their browsers. Kuma stores the same one again at each check.
 */
export function noteResult(agent: Agent, run: Run, bean: Bean): void {
    const { type } = bean.beanMeta;
    if (!SHOWN.has(type)) return;
    const columns = { ...bean.export(false), last_check: undefined, lastCheck: undefined };
    const print = fingerprint(columns);
    const known = told.get(run) ?? new Map<string, string>();
    if (known.get(type) === print) return;
    known.set(type, print);
    told.set(run, known);
    agent.events.publish("kuma.certificate", { monitor: run.id });
}
