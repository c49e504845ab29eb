import { ageMs, now, type Moment } from "./clock";
import type { Config } from "./config";
import type { EditsUnderWay } from "./sync/edits-under-way";

/** What Kuma has not started by then this node starts, whatever Kuma does about it. */
const LONGEST_WAIT_MS = 5000;

interface Waiting {
    /** When it was last seen to have changed. */
    readonly noticed: Moment;
    readonly waitedMs: number;
}

/** Leaves monitors to Kuma that it may be about to start by itself. */
export class KumaFirst {
    private readonly edits: EditsUnderWay;
    private readonly pollMs: number;
    private waiting: ReadonlyMap<number, Waiting> = new Map();
    private looked = now();

    constructor(edits: EditsUnderWay, { pollMs }: Pick<Config, "pollMs">) {
        this.edits = edits;
        this.pollMs = pollMs;
    }

    /**
     * Of the monitors that are to be started or restarted, those that are left to Kuma until the next look: an edit on
     * this node that had begun when they were seen to have changed still goes on. Not for edits that began later: where
     * users never stop to edit, nothing would ever be done. `changed` has those that the look found. A monitor that is
     * not `due` is forgotten.
     */
    among(due: readonly number[], changed: ReadonlySet<number>): ReadonlySet<number> {
        // A longer gap is one in which the database was away, for the edits as well.
        const passedMs = Math.min(ageMs(this.looked), this.pollMs);
        this.looked = now();
        this.waiting = new Map(due.map((id) => [id, this.next(id, changed.has(id), passedMs)]));
        const left = [...this.waiting].filter(([, waiting]) => this.isLeft(waiting));
        return new Set(left.map(([id]) => id));
    }

    private next(id: number, hasChanged: boolean, passedMs: number): Waiting {
        const before = this.waiting.get(id);
        if (before === undefined) return { noticed: this.looked, waitedMs: 0 };
        return { noticed: hasChanged ? this.looked : before.noticed, waitedMs: before.waitedMs + passedMs };
    }

    private isLeft({ noticed, waitedMs }: Waiting): boolean {
        return waitedMs < LONGEST_WAIT_MS && this.edits.anySince(noticed);
    }
}
