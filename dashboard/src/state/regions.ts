/* Probes and checks from several places, as last read. */
import { computed, shallowRef } from "vue";
import { call } from "../api/client";
import { callGuarded } from "../api/guarded";
import { wantsSecret } from "../api/problem";
import { secret } from "../api/secret";

const TIMEOUT_MS = 10000;

export const probes = shallowRef<readonly ProbeBody[]>([]);
export const checks = shallowRef<readonly ProbeCheckBody[]>([]);
export const defaultStrategy = shallowRef<Strategy>("any-down");

/** The secret that was not enough; "" is none. */
const refused = shallowRef<string>();

/** Only who shows the secret may see them, and this tab has none, or a wrong one. */
export const isLocked = computed(() => refused.value === secret.value);

let asked = 0;
let shown = 0;

/** Reads both anew; what cannot be read stays as it was. Does not ask again with a secret that was refused. */
export async function refreshRegions(): Promise<void> {
    if (isLocked.value) return;
    const turn = (asked += 1);
    const tried = secret.value;
    const [found, made] = await Promise.all([
        call<ProbesBody>("probes", { timeoutMs: TIMEOUT_MS }),
        call<ProbeChecksBody>("probe-checks", { timeoutMs: TIMEOUT_MS }),
    ]);
    if (!found.ok && wantsSecret(found.problem)) refused.value = tried;
    // Of two questions the later one has the newer answer, whichever comes first.
    if (!found.ok || !made.ok || turn < shown) return;
    shown = turn;
    probes.value = found.body.probes;
    checks.value = made.body.checks;
    defaultStrategy.value = made.body.default_strategy;
}

/** Asks for the secret, and reads them with it. */
export async function unlockRegions(): Promise<void> {
    const reply = await callGuarded<ProbesBody>("probes", { method: "GET", timeoutMs: TIMEOUT_MS });
    if (!reply.ok) return;
    refused.value = undefined;
    await refreshRegions();
}
