/** How long an id that is missing between others is looked for: its transaction may still be open. */
const HOLE_MS = 10_000;
/** Beyond it a gap is no open transaction but a jump of the counter. */
const WIDEST_GAP = 1000;
const MOST_HOLES = 2000;

/**
 * The place of a reader in a table that others append to. Ids are given when a row is inserted and become visible when
 * its transaction ends, so an id may appear after greater ones: those that are missing are asked for again.
 */
export class IdCursor {
    private greatest: number;
    /** Each missing id and when it was first missed, the oldest first. */
    private readonly missing = new Map<number, number>();

    /** @param start the greatest id that is known already */
    constructor(start: number) {
        this.greatest = start;
    }

    /** The greatest id seen. */
    get last(): number {
        return this.greatest;
    }

    /** The ids below it that may still appear. `nowMs` is of a clock that does not jump. */
    holes(nowMs: number): number[] {
        for (const [id, since] of this.missing) if (nowMs - since > HOLE_MS) this.missing.delete(id);
        return [...this.missing.keys()];
    }

    /** Notes the ids that a look has found. Returns them, in order, without those that were noted before. */
    note(ids: readonly number[], nowMs: number): number[] {
        const fresh: number[] = [];
        for (const id of [...ids].sort((a, b) => a - b)) {
            if (id > this.greatest) this.advance(id, nowMs);
            else if (!this.missing.delete(id)) continue;
            fresh.push(id);
        }
        return fresh;
    }

    private advance(id: number, nowMs: number): void {
        const first = Math.max(this.greatest + 1, id - WIDEST_GAP);
        for (let hole = first; hole < id; hole++) this.missing.set(hole, nowMs);
        this.greatest = id;
        for (const hole of this.missing.keys()) {
            if (this.missing.size <= MOST_HOLES) return;
            this.missing.delete(hole);
        }
    }
}
