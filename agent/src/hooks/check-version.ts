import { databaseOf, type Agent } from "../agent";
import { every } from "../clock";
import { isOurTurn } from "../jobs";
import * as log from "../log";
import { latestEvent } from "../sync/event-store";
import { unwrap, wrap } from "../wrap";
import type { Hook } from "./hook";

interface CheckVersion {
    latestVersion: string | null;
    startInterval(): void;
}

/** Kuma asks every 48 hours. */
const TURN_SECONDS = 47 * 3600;
const LOOK_MS = 3600_000;
/** The answer has come by then, or does not come. */
const ANSWERED_AFTER_MS = 60_000;

let stopLooking: () => void = () => undefined;

/** Starts one check and not the timer for the following ones, which Kuma could not stop again. */
function checkOnce(start: () => void): void {
    const { setInterval: original } = globalThis;
    // startInterval does nothing between these two lines that waits.
    globalThis.setInterval = (() => undefined) as unknown as typeof setInterval;
    try {
        start();
    } finally {
        globalThis.setInterval = original;
    }
}

async function look(agent: Agent, version: CheckVersion, start: () => void): Promise<void> {
    if (await isOurTurn(agent, "check-version", TURN_SECONDS)) {
        checkOnce(start);
        setTimeout(() => tell(agent, version), ANSWERED_AFTER_MS).unref();
        return;
    }
    const event = await latestEvent(databaseOf(agent), "kuma.latest-version");
    const { version: latest } = JSON.parse(event?.detail ?? "{}") as { version?: string };
    if (latest !== undefined) version.latestVersion = latest;
}

function tell(agent: Agent, version: CheckVersion): void {
    if (version.latestVersion !== null) {
        agent.events.publish("kuma.latest-version", { version: version.latestVersion });
    }
}

/** Kuma's question for updates: one node asks, the others take its answer. */
export const checkVersionHook: Hook = {
    module: "check-version.js",
    essential: false,

    patch(exports, agent) {
        const version = exports as CheckVersion;
        agent.events.receive("kuma.latest-version", ({ version: latest }) => {
            version.latestVersion = latest;
            return Promise.resolve();
        });
        return wrap(version, "startInterval", (original) => {
            return function (this: CheckVersion) {
                const round = (): Promise<void> =>
                    look(agent, version, original).catch((thrown: unknown) => {
                        log.warn("cannot look for the latest version: %s", log.messageOf(thrown));
                    });
                stopLooking();
                stopLooking = every(LOOK_MS, round);
                void round();
            };
        });
    },

    unpatch(exports) {
        stopLooking();
        unwrap(exports as CheckVersion, "startInterval");
    },
};
