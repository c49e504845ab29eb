/*
 * A copy of the source in a folder of its own. SQLite writes beside a file even to read it (the shared memory of a
 * write-ahead log, or a recovery), and the source is not to be touched.
 */
import { constants } from "node:fs";
import { copyFile, mkdtemp, open, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Refusal } from "./refusal";

/** What belongs to a database file: without its log the latest rows are missing, and nothing says so. */
const COMPANIONS = ["", "-wal", "-journal"];
const MAGIC = "SQLite format 3\0";

interface State {
    readonly size: number;
    readonly mtimeMs: number;
}

export interface Snapshot {
    readonly file: string;
    /** Whether a write-ahead log was beside the source. */
    readonly hasLog: boolean;
    remove(): Promise<void>;
}

async function stateOf(path: string): Promise<State | undefined> {
    return stat(path).then(
        ({ size, mtimeMs }) => ({ size, mtimeMs }),
        () => undefined,
    );
}

/** The database file that a path means: itself, or kuma.db in a folder. Throws a refusal when it is no SQLite file. */
export async function findDatabase(path: string): Promise<string> {
    const found = await stat(path).catch(() => undefined);
    if (found === undefined) throw new Refusal(`there is no ${path}`);
    const file = found.isDirectory() ? join(path, "kuma.db") : path;
    const handle = await open(file, "r").catch((thrown: Error) => {
        throw new Refusal(`${file} cannot be read: ${thrown.message}`);
    });
    try {
        const start = Buffer.alloc(MAGIC.length);
        await handle.read(start, 0, start.length, 0);
        if (start.toString("latin1") !== MAGIC) throw new Refusal(`${file} is not a SQLite database`);
    } finally {
        await handle.close();
    }
    return file;
}

/** Copies a database file and what belongs to it. Throws a refusal when somebody writes to it meanwhile. */
export async function takeSnapshot(source: string): Promise<Snapshot> {
    const folder = await mkdtemp(join(tmpdir(), "import-"));
    const file = join(folder, "kuma.db");
    const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
    try {
        const before = await Promise.all(COMPANIONS.map((end) => stateOf(source + end)));
        for (const [index, end] of COMPANIONS.entries()) {
            if (before[index] !== undefined) await copyFile(source + end, file + end, constants.COPYFILE_FICLONE);
        }
        const after = await Promise.all(COMPANIONS.map((end) => stateOf(source + end)));
        if (JSON.stringify(before) !== JSON.stringify(after)) {
            throw new Refusal(`${source} is being written to: stop that Uptime Kuma, then import again`);
        }
        return { file, hasLog: (before[1]?.size ?? 0) > 0, remove };
    } catch (thrown) {
        await remove();
        throw thrown;
    }
}
