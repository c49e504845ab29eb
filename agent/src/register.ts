/*
 * Entry of the agent: NODE_OPTIONS="--require <folder>/register.js" node server/server.js. The variable is inherited by
 * every child process of Kuma, in which the agent does nothing.
 */
import { readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { hostname } from "node:os";
import { dirname, join, resolve } from "node:path";
import { isMainThread } from "node:worker_threads";

import { createAgent } from "./agent";
import { readConfig } from "./config";
import { thisMachine } from "./environment";
import { calculatorHook } from "./hooks/calculator";
import { checkVersionHook } from "./hooks/check-version";
import { clearOldDataHook } from "./hooks/clear-old-data";
import { cloudflaredHook } from "./hooks/cloudflared";
import { connectionsHook } from "./hooks/connections";
import { databaseHook } from "./hooks/database";
import { domainExpiryHook } from "./hooks/domain-expiry";
import { imageDataUriHook } from "./hooks/image-data-uri";
import { monitorHook } from "./hooks/monitor";
import { pageCacheHook } from "./hooks/page-cache";
import { redbeanHook } from "./hooks/redbean";
import { serverHook } from "./hooks/server";
import { settingsHook } from "./hooks/settings";
import { uptimeCacheHook } from "./hooks/uptime-cache";
import * as log from "./log";
import { installHooks } from "./module-hook";
import { kumaLimitation } from "./supported";

const SERVER_FILE = /[\\/]server[\\/]server\.js$/;
const HOOKS = [
    databaseHook,
    serverHook,
    monitorHook,
    redbeanHook,
    connectionsHook,
    calculatorHook,
    uptimeCacheHook,
    settingsHook,
    pageCacheHook,
    clearOldDataHook,
    domainExpiryHook,
    checkVersionHook,
    cloudflaredHook,
    imageDataUriHook,
];

/** The path of Kuma's server.js when this process is Kuma's server. */
function kumaMain(): string | undefined {
    if (!isMainThread || process.env["CLUSTER_DISABLE"] === "1") return undefined;
    const script = resolve(process.argv[1] ?? "");
    if (SERVER_FILE.test(script)) return realpathSync(script);
    if (process.env["CLUSTER_FORCE"] !== "1") return undefined;
    // Under pm2 the script of the process is pm2's own.
    return realpathSync(process.env["pm_exec_path"] ?? resolve("server/server.js"));
}

function readVersion(main: string): string {
    const text = readFileSync(join(dirname(main), "..", "package.json"), "utf8");
    return String((JSON.parse(text) as { version?: unknown }).version);
}

function start(main: string): void {
    const settings = readConfig(process.env, process.argv.slice(2), hostname(), thisMachine());
    if ("mistakes" in settings) {
        for (const mistake of settings.mistakes) log.error("%s", mistake);
        process.exit(1);
    }
    if (settings.config.isPassingId) {
        log.warn("UPTIME_KUMA_NODE_ID is not set: a container in place of this one will be another node");
    }
    const version = readVersion(main);
    const limitation = kumaLimitation(version);
    if (limitation !== undefined) log.refuse(limitation);
    installHooks(createAgent(settings.config, version, createRequire(main)), dirname(main), HOOKS);
}

const main = kumaMain();
if (main !== undefined) start(main);
