/* Probes and checks from several places, as last read. */
import { shallowRef } from "vue";
import { call } from "../api/client";

const TIMEOUT_MS = 10000;

export const probes = shallowRef<readonly ProbeBody[]>([]);
export const checks = shallowRef<readonly ProbeCheckBody[]>([]);
export const defaultStrategy = shallowRef<Strategy>("any-down");

let asked = 0;
let shown = 0;

/** Reads both anew; what cannot be read stays as it was. */
export async function refreshRegions(): Promise<void> {
    const turn = (asked += 1);
    const [found, made] = await Promise.all([
        call<ProbesBody>("probes", { timeoutMs: TIMEOUT_MS }),
        call<ProbeChecksBody>("probe-checks", { timeoutMs: TIMEOUT_MS }),
    ]);
    // Of two questions the later one has the newer answer, whichever comes first.
    if (!found.ok || !made.ok || turn < shown) return;
    shown = turn;
    probes.value = found.body.probes;
    checks.value = made.body.checks;
    defaultStrategy.value = made.body.default_strategy;
}
