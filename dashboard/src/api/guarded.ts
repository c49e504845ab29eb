import { call } from "./client";
import type { Call } from "./client";
import { isWrongSecret, wantsSecret } from "./problem";
import type { Reply } from "./problem";
import { askForSecret } from "./secret";

/** As `call`, a POST unless it is told otherwise: asks for the secret as often as the API wants it and somebody enters one. */
export async function callGuarded<T>(path: string, options: Call = {}): Promise<Reply<T>> {
    for (;;) {
        const reply = await call<T>(path, { method: "POST", ...options });
        if (reply.ok || !wantsSecret(reply.problem)) return reply;
        if (!(await askForSecret(isWrongSecret(reply.problem)))) return reply;
    }
}
