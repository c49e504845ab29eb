import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";

import { Hook as RequireHook } from "require-in-the-middle";

import type { Agent } from "./agent";
import type { Hook } from "./hooks/hook";
import * as log from "./log";

const isFile = (hook: Hook): boolean => hook.module.endsWith(".js");
const nameOf = (hook: Hook): string => basename(hook.module, ".js");

function fail(agent: Agent, hook: Hook, problem: string): void {
    const text = `Uptime Kuma ${agent.kumaVersion}: the hook for ${hook.module} does not fit: ${problem}`;
    if (hook.essential) log.refuse(text);
    log.warn("%s; that module stays as it is", text);
    agent.degraded.push(`${hook.module}: ${problem}`);
}

function apply(agent: Agent, hook: Hook, exports: unknown): void {
    let problem: string | undefined;
    try {
        problem = hook.patch(exports, agent);
    } catch (thrown) {
        problem = log.messageOf(thrown);
    }
    if (problem === undefined) return;
    hook.unpatch(exports);
    fail(agent, hook, problem);
}

/**
 * Has each hook change its module as soon as Kuma loads it. Ends the process when an essential module is missing or not
 * as expected; leaves any other as it is and says so.
 */
export function installHooks(agent: Agent, serverFolder: string, hooks: readonly Hook[]): void {
    const present = hooks.filter((hook) => !isFile(hook) || existsSync(join(serverFolder, hook.module)));
    for (const hook of hooks) {
        if (hook.essential && !present.includes(hook)) fail(agent, hook, "there is no such file");
    }
    const byTarget = new Map(
        present.map((hook) => [isFile(hook) ? join(serverFolder, hook.module) : hook.module, hook]),
    );
    new RequireHook([...byTarget.keys()], (exports, name, folder) => {
        const hook = byTarget.get(join(folder ?? "", `${name}.js`)) ?? byTarget.get(name);
        if (hook !== undefined) apply(agent, hook, exports);
        return exports;
    });
    log.info(
        "hooks for Uptime Kuma %s at %s: %s",
        agent.kumaVersion,
        dirname(serverFolder),
        present.map(nameOf).join(", "),
    );
}
