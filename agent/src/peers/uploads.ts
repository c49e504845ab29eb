/*
 * The icons of status pages, which Kuma keeps in a folder of the node that received them. The database has them too, and
 * each node copies one into its own folder when it is asked for it; Kuma serves it from there.
 */
import { readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";

import { databaseOf, type Agent } from "../agent";
import { isDatabaseLost } from "../database-errors";
import { kumaModule } from "../kuma-modules";
import type { ExpressApp } from "../kuma-web";
import * as log from "../log";
import { databaseTimeMs } from "../schema-store";
import { dropOrphanedIcons, fileNames, storeFile, storeMissingFile, youngerFile } from "./file-store";
import { LARGEST_UPLOAD_BYTES, SAFE_UPLOAD_NAME } from "./upload-rules";

/** Copies that are being made, by name. */
const copying = new Map<string, Promise<void>>();

/** Kuma's folder of uploads, or nothing when it has none. */
function uploadFolder(agent: Agent): string | undefined {
    const folder = kumaModule(agent, "./database").uploadDir;
    return folder === undefined ? undefined : resolve(folder);
}

/** When a file was last changed, in milliseconds since 1970; 0 when there is none. */
async function changedAt(path: string): Promise<number> {
    return stat(path).then(
        ({ mtimeMs }) => Math.round(mtimeMs),
        () => 0,
    );
}

async function setChangedAt(path: string, mtime: number): Promise<void> {
    await utimes(path, mtime / 1000, mtime / 1000);
}

async function copyHere(agent: Agent, path: string): Promise<void> {
    const file = await youngerFile(databaseOf(agent), basename(path), await changedAt(path));
    if (file === undefined) return;
    // Renamed when it is whole: Kuma may be serving the one before.
    const part = join(dirname(path), `.${basename(path)}.${process.pid}`);
    try {
        await writeFile(part, file.data);
        await setChangedAt(part, file.mtime);
        await rename(part, path);
    } catch (thrown) {
        await rm(part, { force: true });
        throw thrown;
    }
}

/** Makes the local copy of an upload as young as the stored one. Never throws: without a database, what is here is served. */
async function refresh(agent: Agent, name: string): Promise<void> {
    const folder = uploadFolder(agent);
    if (folder === undefined || !SAFE_UPLOAD_NAME.test(name) || agent.database?.isLost === true) return;
    const copy = copying.get(name) ?? copyHere(agent, join(folder, name)).finally(() => copying.delete(name));
    copying.set(name, copy);
    try {
        await copy;
    } catch (thrown) {
        if (!isDatabaseLost(thrown)) log.warn("cannot copy the upload %s: %s", name, log.messageOf(thrown));
    }
}

/** Serves uploads that another node received: copies them here before Kuma looks for them. */
export function addUploadRoute(agent: Agent, app: ExpressApp): void {
    app.get("/upload/:name", (request, _response, next) => {
        void refresh(agent, request.params["name"] ?? "").then(() => next());
    });
}

/**
 * Stores a file that Kuma has just written into its folder of uploads; does nothing for any other path. Never throws:
 * the file is where Kuma alone would have it, and a start of this node stores it later.
 */
export async function shareUpload(agent: Agent, path: string): Promise<void> {
    const name = basename(path);
    if (dirname(resolve(path)) !== uploadFolder(agent) || !SAFE_UPLOAD_NAME.test(name)) return;
    try {
        const data = await readFile(path);
        if (data.length > LARGEST_UPLOAD_BYTES) throw new Error(`it is larger than ${LARGEST_UPLOAD_BYTES >> 20} MB`);
        // By the database's clock, so that of two uploads on different nodes the later one is kept everywhere.
        const mtime = Math.floor(await databaseTimeMs(databaseOf(agent)));
        await storeFile(databaseOf(agent), name, { mtime, data });
        await setChangedAt(path, mtime);
        await dropOrphanedIcons(databaseOf(agent));
    } catch (thrown) {
        log.warn("cannot share the upload %s, only this node has it: %s", name, log.messageOf(thrown));
    }
}

async function shareOld(agent: Agent, folder: string): Promise<void> {
    const database = databaseOf(agent);
    const stored = await fileNames(database);
    for (const name of await readdir(folder)) {
        const path = join(folder, name);
        if (stored.has(name) || !SAFE_UPLOAD_NAME.test(name)) continue;
        const state = await stat(path);
        if (!state.isFile() || state.size > LARGEST_UPLOAD_BYTES) continue;
        const mtime = Math.min(Math.round(state.mtimeMs), Math.floor(await databaseTimeMs(database)));
        if (await storeMissingFile(database, name, { mtime, data: await readFile(path) }))
            await setChangedAt(path, mtime);
    }
    await dropOrphanedIcons(database);
}

/** Stores the uploads of a time before this node was in a cluster, unless others have stored theirs. Never throws. */
export async function shareOldUploads(agent: Agent): Promise<void> {
    try {
        const folder = uploadFolder(agent);
        if (folder !== undefined) await shareOld(agent, folder);
    } catch (thrown) {
        log.warn("cannot share the uploads of this node: %s", log.messageOf(thrown));
    }
}
