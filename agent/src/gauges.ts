import type { Agent } from "./agent";
import type { PrometheusClass } from "./kuma";
import { kumaModule } from "./kuma-modules";
import * as log from "./log";
import type { Run } from "./runs";
import type { LastBeat } from "./schedule";

/** As long as Prometheus itself shows the last value of a series that is not there any more. */
const LOOK_BACK_MS = 300_000;

let saidProblem = false;

function isRecent(run: Run, beat: LastBeat): boolean {
    return beat.ageMs <= Math.max(LOOK_BACK_MS, 2000 * run.bean.interval);
}

async function show(gauges: PrometheusClass, run: Run, { status, ping }: LastBeat): Promise<void> {
    const tags = gauges.length > 1 ? await run.bean.getTags() : [];
    // Its start makes gauges of its own, and its stop removes those that the bean has.
    if (run.stopped || run.bean.prometheus !== undefined) return;
    const shown = new gauges(run.bean, tags);
    run.bean.prometheus = shown;
    shown.update({ status, ping }, undefined);
}

/**
 * Shows the last beats of monitors that wait here for their first check among this node's metrics. Without that, a series
 * would be missing after each move, and with it the alert of a monitor that is down. Never throws.
 */
export async function showLastBeats(
    agent: Agent,
    runs: readonly Run[],
    last: ReadonlyMap<number, LastBeat>,
): Promise<void> {
    try {
        const { Prometheus } = kumaModule(agent, "./prometheus");
        for (const run of runs) {
            const beat = last.get(run.id);
            if (beat !== undefined && isRecent(run, beat)) await show(Prometheus, run, beat);
        }
    } catch (thrown) {
        if (saidProblem) return;
        saidProblem = true;
        log.warn("cannot show the last beats of monitors among the metrics: %s", log.messageOf(thrown));
    }
}
