/** The latest ids of many, so that a set that is added to for ever does not grow for ever. */
export class RecentIds {
    private readonly ids = new Set<number>();
    private readonly most: number;

    /** @param most ids that are kept; the oldest go first. */
    constructor(most: number) {
        this.most = most;
    }

    /** Returns whether the id was not there yet. */
    add(id: number): boolean {
        if (this.ids.has(id)) return false;
        this.ids.add(id);
        for (const oldest of this.ids) {
            if (this.ids.size <= this.most) break;
            this.ids.delete(oldest);
        }
        return true;
    }

    /** Returns whether the id was there. */
    delete(id: number): boolean {
        return this.ids.delete(id);
    }

    clear(): void {
        this.ids.clear();
    }
}
