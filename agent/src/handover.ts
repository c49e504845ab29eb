/*
 * A planned move. The old owner lets a check that is under way come to its end and then says that it is done with the
 * monitor; the new owner starts it when it hears that, or when the old one cannot store anything any more.
 */
import { ageMs, now, type Moment } from "./clock";

/** How long a check may go on after its monitor has moved. */
export const DRAIN_MS = 8000;

/** A word of an old owner that nobody waited for when it came is kept that long. */
const KEPT_MS = 30_000;

interface Word {
    readonly by: string;
    /** Up to when its node knew the changes of monitors: it speaks of moves until then. */
    readonly seen: string;
    readonly at: Moment;
}

interface Waiting {
    readonly owner: string;
    readonly movedAt: string;
    readonly since: Moment;
    readonly go: () => void;
}

/** Which monitors other nodes are done with. */
export class Handover {
    private readonly released = new Map<number, Word>();
    private readonly waiting = new Map<number, Waiting>();

    /** Notes that a node is done with monitors that have moved away from it. */
    noteReleased(by: string, ids: readonly number[], seen: string): void {
        for (const [id, { at }] of this.released) if (ageMs(at) > KEPT_MS) this.released.delete(id);
        for (const id of ids) {
            const waiting = this.waiting.get(id);
            if (waiting?.owner === by && seen >= waiting.movedAt) waiting.go();
            else this.released.set(id, { by, seen, at: now() });
        }
    }

    /** Forgets what was said of a monitor before this node ran it. */
    forget(id: number): void {
        this.released.delete(id);
    }

    /**
     * The monitors that have been waited for longer than `ms`, by their previous owners. A node that never noticed that
     * it was to run a monitor, because it lost it at once, does not say that it is done with it unless it is asked.
     */
    overdue(ms: number): Map<string, number[]> {
        const owners = new Map<string, number[]>();
        for (const [id, { owner, since }] of this.waiting) {
            if (ageMs(since) > ms) owners.set(owner, [...(owners.get(owner) ?? []), id]);
        }
        return owners;
    }

    /**
     * Resolves when the previous owner is done with a monitor that moved at `movedAt`, by the database's clock; after
     * `mostMs` in any case.
     */
    wait(id: number, owner: string, movedAt: string, mostMs: number): Promise<void> {
        const word = this.released.get(id);
        this.released.delete(id);
        if (word?.by === owner && word.seen >= movedAt) return Promise.resolve();
        return new Promise((resolve) => {
            const timer = setTimeout(go, mostMs).unref();
            const entry = { owner, movedAt, since: now(), go };
            const { waiting } = this;
            function go(): void {
                clearTimeout(timer);
                if (waiting.get(id) === entry) waiting.delete(id);
                resolve();
            }
            waiting.set(id, entry);
        });
    }
}
