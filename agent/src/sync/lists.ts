/*
 * The lists that Kuma sends to all browsers of a user when something in them changes. A node sends them to its own
 * browsers; here the other nodes learn which list it was, and send theirs, read anew.
 */
import { databaseOf, type Agent } from "../agent";
import type { KumaServer } from "../kuma";
import type { SocketServer } from "../kuma-web";
import { kumaModule, type Reader } from "../kuma-modules";
import * as log from "../log";
import { oneMonitor } from "../monitor-store";
import { wrap } from "../wrap";
import { viewers } from "./audience";
import { asRepeat, isEdit } from "./origin";

/** Beyond it one whole list costs less than its members one by one. */
const MOST_SINGLE = 20;
/** Edits of many things come as many events. */
const COLLECT_MS = 50;

type Send = (agent: Agent, server: KumaServer, reader: Reader, ids: readonly number[]) => Promise<unknown>;

/** A list that a function of Kuma's client.js sends. */
function byClient(name: string): Send {
    return async (agent, _server, reader) => {
        const client = kumaModule(agent, "./client");
        await client[name]?.(reader);
    };
}

/** A list of each monitor that a function of Kuma's client.js sends, to all browsers, in place of what they have. */
function ofMonitors(name: string): Send {
    return async (agent, _server, reader, ids) => {
        const client = kumaModule(agent, "./client");
        for (const id of ids) await client[name]?.(reader, id, true, true);
    };
}

async function updateMonitors(
    _agent: Agent,
    server: KumaServer,
    reader: Reader,
    ids: readonly number[],
): Promise<unknown> {
    if (server.sendUpdateMonitorIntoList === undefined || ids.length > MOST_SINGLE) {
        return server.sendMonitorList(reader);
    }
    for (const id of ids) await server.sendUpdateMonitorIntoList(reader, id);
    return undefined;
}

async function deleteMonitors(agent: Agent, server: KumaServer, reader: Reader, ids: readonly number[]): Promise<void> {
    for (const id of ids) {
        if ((await oneMonitor(databaseOf(agent), id)) !== undefined) continue;
        agent.runs.stop(id);
        delete server.monitorList[id];
        await agent.kuma.forgetStatistics?.(id);
        await server.sendDeleteMonitorFromList?.(reader, id);
    }
}

const LISTS: Readonly<Record<string, Send>> = {
    monitorList: (_agent, server, reader) => server.sendMonitorList(reader),
    updateMonitorIntoList: updateMonitors,
    deleteMonitorFromList: deleteMonitors,
    maintenanceList: (_agent, server, reader) => server.sendMaintenanceListByUserID(reader.userID),
    notificationList: byClient("sendNotificationList"),
    proxyList: byClient("sendProxyList"),
    dockerHostList: byClient("sendDockerHostList"),
    apiKeyList: byClient("sendAPIKeyList"),
    remoteBrowserList: byClient("sendRemoteBrowserList"),
    heartbeatList: ofMonitors("sendHeartbeatList"),
    importantHeartbeatList: ofMonitors("sendImportantHeartbeatList"),
    statusPageList: (agent, server, reader) =>
        kumaModule(agent, "./model/status_page").sendStatusPageList(server.io, reader),
};

/** What is done even when no browser shows the list. */
const ALWAYS = new Set(["deleteMonitorFromList"]);

/** The members of a list that an event of Kuma speaks of, by its first argument; none for the whole list. */
function membersOf(list: string, first: unknown): number[] {
    if (list === "updateMonitorIntoList") return Object.keys(Object(first) as object).map(Number);
    return typeof first === "number" || typeof first === "string" ? [Number(first)] : [];
}

/** Tells the other nodes that a list, or members of it, changed. */
export function publishList(agent: Agent, user: number, list: string, ids: readonly number[]): void {
    agent.events.publish("kuma.list", { list, user, ids }, `user ${user}`);
}

/** Has every list that a user's edit sends to browsers told to the other nodes. Returns what it did not find. */
export function tellLists(agent: Agent, io: SocketServer): string | undefined {
    return wrap(io, "to", (original) => {
        return function (this: SocketServer, room) {
            const operator = original.call(this, room);
            if (typeof room !== "number" || !isEdit()) return operator;
            const emit = operator.emit.bind(operator);
            operator.emit = (event, ...args) => {
                if (event in LISTS) publishList(agent, room, event, membersOf(event, args[0]));
                return emit(event, ...args);
            };
            return operator;
        };
    });
}

async function send(agent: Agent, list: string, user: number, ids: readonly number[]): Promise<void> {
    const { server } = agent.kuma;
    const sender = LISTS[list];
    if (server === undefined || sender === undefined) return;
    if (viewers(server.io, user) === 0 && !ALWAYS.has(list)) return;
    await asRepeat(() => sender(agent, server, { userID: user, emit: () => undefined }, ids));
}

/** Sends the lists that other nodes say have changed, each once for changes that come together. */
export function followLists(agent: Agent): void {
    const changed = new Map<string, { list: string; user: number; ids: Set<number> }>();
    let timer: NodeJS.Timeout | undefined;
    const sendAll = (): void => {
        timer = undefined;
        for (const { list, user, ids } of changed.values()) {
            send(agent, list, user, [...ids]).catch((thrown: unknown) =>
                log.warn("cannot send the %s: %s", list, log.messageOf(thrown)),
            );
        }
        changed.clear();
    };
    agent.events.receive("kuma.list", ({ list, user, ids }) => {
        const entry = changed.get(`${list} ${user}`) ?? { list, user, ids: new Set<number>() };
        for (const id of ids) entry.ids.add(id);
        changed.set(`${list} ${user}`, entry);
        timer ??= setTimeout(sendAll, COLLECT_MS);
        return Promise.resolve();
    });
}
