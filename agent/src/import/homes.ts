/* Where the monitors will run, and the icons that all nodes have to have. */
import { lstat, readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { LARGEST_UPLOAD_BYTES, SAFE_UPLOAD_NAME } from "../peers/upload-rules";
import type { Target } from "./target";

/**
 * Gives each monitor a home, so many to each node: a node that starts before the others would take all of them. Nodes that
 * an operator wants empty get none; without any node the first one that starts takes them.
 * @returns the number of nodes that got some
 */
export async function giveHomes(target: Target): Promise<number> {
    const nodes = await target.rows("SELECT node_id FROM node WHERE drained_at IS NULL ORDER BY node_id");
    const monitors = await target.rows("SELECT id FROM monitor ORDER BY active DESC, `interval`, id");
    if (nodes.length === 0) return 0;
    for (const [index, { node_id: nodeId }] of nodes.entries()) {
        const ids = monitors.filter((_, place) => place % nodes.length === index).map(({ id }) => id);
        if (ids.length > 0) await target.rows("UPDATE monitor SET node_id = ? WHERE id IN (?)", [nodeId, ids]);
    }
    return nodes.length;
}

/** Stores what is in the folder `upload` beside the source, where the nodes take it from. Returns how many files. */
export async function storeUploads(target: Target, source: string): Promise<number> {
    const folder = join(dirname(source), "upload");
    const names = await readdir(folder).catch(() => []);
    let count = 0;
    for (const name of names.filter((candidate) => SAFE_UPLOAD_NAME.test(candidate))) {
        const path = join(folder, name);
        // Nothing that a link leads to.
        const state = await lstat(path);
        if (!state.isFile() || state.size > LARGEST_UPLOAD_BYTES) continue;
        await target.rows(
            "REPLACE INTO cluster_file (name, mtime, data) VALUES (?, UNIX_TIMESTAMP(NOW(3)) * 1000, ?)",
            [name, await readFile(path)],
        );
        count++;
    }
    return count;
}
