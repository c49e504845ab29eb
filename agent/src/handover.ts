/*
 * A planned move. The old owner lets a check that is under way come to its end and then says that it is done with the
 * monitor; the new owner starts it when it hears that, or when the old one cannot store anything any more.
 */
import { ageMs, now, type Moment } from "./clock";

/** How long a check may go on after its monitor has moved. */
export const DRAIN_MS = 8000;

/** What an old owner said that nobody waited for when it came is kept that long. */
const KEPT_MS = 30_000;

interface Word {
    /** Up to when its node knew the changes of monitors: it speaks of moves until then. */
    readonly seen: string;
    readonly at: Moment;
}

/** The nodes that may still end a check of a monitor, each with when it moved away from there, by the database's clock. */
export type Origins = ReadonlyMap<string, string>;

interface Origin {
    readonly movedAt: string;
    /** Since when it is waited for. */
    readonly since: Moment;
}

interface Waiting {
    /** Of whom no word has come yet. */
    readonly origins: Map<string, Origin>;
    readonly go: () => void;
}

/** Who asks whether a node is done with monitors. */
export interface Asker {
    readonly node: string;
    /** Up to when it knew the changes of monitors. */
    readonly seen: string;
}

/** Whether a node that knew of everything up to `seen` had noticed that a monitor moved away from it. */
function hasNoticed(seen: string | undefined, movedAt: string | undefined): boolean {
    return seen !== undefined && movedAt !== undefined && seen >= movedAt;
}

/** Which monitors other nodes are done with. */
export class Handover {
    private readonly released = new Map<number, Map<string, Word>>();
    private readonly waiting = new Map<number, Waiting>();

    /** Notes that a node is done with monitors that have moved away from it. */
    noteReleased(by: string, ids: readonly number[], seen: string): void {
        this.forgetOld();
        for (const id of ids) {
            const waiting = this.waiting.get(id);
            if (waiting !== undefined && hasNoticed(seen, waiting.origins.get(by)?.movedAt)) this.end(id, waiting, by);
            else {
                const words = this.released.get(id) ?? new Map<string, Word>();
                this.released.set(id, words.set(by, { seen, at: now() }));
            }
        }
    }

    /**
     * Whether this node waits for one that had the monitor before it. Not for `asker`, which has the monitor again, if it
     * has noticed that it had lost it: nothing of then can leave it any more.
     */
    isWaiting(id: number, asker?: Asker): boolean {
        const origins = [...(this.waiting.get(id)?.origins ?? [])];
        return origins.some(([node, { movedAt }]) => node !== asker?.node || !hasNoticed(asker.seen, movedAt));
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
        for (const [id, { origins }] of this.waiting) {
            for (const [owner, { since }] of origins) {
                if (ageMs(since) > ms) owners.set(owner, [...(owners.get(owner) ?? []), id]);
            }
        }
        return owners;
    }

    /**
     * Resolves when all the previous owners are done with a monitor; each is waited for `mostMs` at most. A monitor that
     * went away and is back while this node still waited has those to be waited for as well, for what is left of their
     * time: this takes the place of that wait, which ends.
     */
    wait(id: number, origins: Origins, mostMs: number): Promise<void> {
        const words = this.released.get(id);
        this.released.delete(id);
        const earlier = this.waiting.get(id);
        const missing = new Map(earlier?.origins);
        for (const [node, movedAt] of origins) {
            if (hasNoticed(words?.get(node)?.seen, movedAt)) missing.delete(node);
            else missing.set(node, this.expect(id, node, movedAt, mostMs));
        }
        const ended = new Promise<void>((resolve) => {
            if (missing.size > 0) this.waiting.set(id, { origins: missing, go: resolve });
            else {
                this.waiting.delete(id);
                resolve();
            }
        });
        earlier?.go();
        return ended;
    }

    private expect(id: number, node: string, movedAt: string, mostMs: number): Origin {
        const origin = { movedAt, since: now() };
        const giveUp = (): void => {
            const waiting = this.waiting.get(id);
            if (waiting?.origins.get(node) === origin) this.end(id, waiting, node);
        };
        setTimeout(giveUp, mostMs).unref();
        return origin;
    }

    private end(id: number, waiting: Waiting, node: string): void {
        waiting.origins.delete(node);
        if (waiting.origins.size > 0) return;
        this.waiting.delete(id);
        waiting.go();
    }

    private forgetOld(): void {
        for (const [id, words] of this.released) {
            for (const [by, { at }] of words) if (ageMs(at) > KEPT_MS) words.delete(by);
            if (words.size === 0) this.released.delete(id);
        }
    }
}
