/*
 * What users do through a socket. Kuma's handlers do it on this node; what the other nodes have to learn of it, beyond
 * the rows, which they read themselves, is told when Kuma has acknowledged it.
 */
import type { Agent } from "../agent";
import type { Handler, Socket } from "../kuma-web";
import { publishList } from "./lists";
import { asEdit } from "./origin";

/** Kuma's answer to a handler's caller. */
interface Acknowledgement {
    readonly ok?: boolean;
    readonly maintenanceID?: number;
}

interface Edit {
    readonly agent: Agent;
    readonly user: number;
    readonly args: readonly unknown[];
    readonly answer: Acknowledgement;
}

type Tell = (edit: Edit) => void;

const idOf = (value: unknown): number => Number(Object(value) === value ? (value as { id?: unknown }).id : value);

const maintenance: Tell = ({ agent, user, args, answer }) => {
    agent.events.publish("kuma.maintenance", { id: answer.maintenanceID ?? idOf(args[0]) }, `user ${user}`);
};
const statusPages: Tell = ({ agent, user }) => {
    agent.events.publish("kuma.status-pages", {}, `user ${user}`);
    // Kuma has the browser load its page anew after some of these.
    publishList(agent, user, "statusPageList", []);
};
/** Kuma itself shows an incident on the page only when its cache of five minutes is over. */
const incident: Tell = ({ agent }) => agent.kuma.clearCache?.();
/** Kuma sends no list after these, which other browsers would miss. */
const tagOfMonitor: Tell = ({ agent, user, args }) =>
    publishList(agent, user, "updateMonitorIntoList", [idOf(args[1])]);
const tag: Tell = ({ agent, user }) => publishList(agent, user, "monitorList", []);
const clearedEvents: Tell = ({ agent, user, args }) => {
    publishList(agent, user, "importantHeartbeatList", [idOf(args[0])]);
};

const EDITS: Readonly<Record<string, Tell>> = {
    addMaintenance: maintenance,
    editMaintenance: maintenance,
    pauseMaintenance: maintenance,
    resumeMaintenance: maintenance,
    deleteMaintenance: maintenance,
    addMonitorMaintenance: maintenance,
    addMaintenanceStatusPage: maintenance,
    addStatusPage: statusPages,
    saveStatusPage: statusPages,
    deleteStatusPage: statusPages,
    postIncident: incident,
    unpinIncident: incident,
    editIncident: incident,
    deleteIncident: incident,
    resolveIncident: incident,
    addMonitorTag: tagOfMonitor,
    editMonitorTag: tagOfMonitor,
    deleteMonitorTag: tagOfMonitor,
    editTag: tag,
    deleteTag: tag,
    clearEvents: clearedEvents,
    clearHeartbeats: ({ agent, args }) => {
        agent.events.publish("kuma.statistics-cleared", { monitor: idOf(args[0]) });
    },
    clearStatistics: ({ agent }) => agent.events.publish("kuma.statistics-cleared", { monitor: 0 }),
};

/** Sends lists to the one browser that asks, or none at all: what other browsers show is not changed by it. */
const READS = /^(get|login|logout|need|setup|test|check|prepare|verify|twoFA|monitorImportant)/;

function withTold(agent: Agent, socket: Socket, args: readonly unknown[], tell: Tell): unknown[] {
    const callback = args.at(-1);
    if (typeof callback !== "function") return [...args];
    const acknowledge = (...answers: unknown[]): unknown => {
        const answer = Object(answers[0]) as Acknowledgement;
        if (answer.ok === true && socket.userID !== undefined) {
            tell({ agent, user: socket.userID, args, answer });
        }
        return (callback as Handler)(...answers);
    };
    return [...args.slice(0, -1), acknowledge];
}

/** The handler of a socket's event, made to tell the other nodes what it does. */
export function toldEdit(agent: Agent, socket: Socket, event: string, original: Handler): Handler {
    if (READS.test(event)) return original;
    const tell = EDITS[event];
    return function (this: unknown, ...args) {
        const told = tell === undefined ? args : withTold(agent, socket, args, tell);
        return agent.edits.note(asEdit(() => original.apply(this, told)));
    };
}
