/* Every route of the API. What is answered, what a 405 allows and what openapi.json says are all made from this table. */
import { listGroups, listNodes, listNotifications, listStatusPages } from "./catalog";
import { getHealth, getReady, reconcileMonitors, watchNode } from "./cluster";
import { ok, type Handler } from "./http";
import {
    assignMonitor,
    listHeartbeats,
    pauseMonitor,
    pinMonitor,
    resumeMonitor,
    unpinMonitor,
} from "./monitor-actions";
import { patchMonitor, replaceMonitor } from "./monitor-edit";
import { createMonitor, deleteMonitor, getMonitor, listMonitors } from "./monitors";
import { openapi, type RouteDocument } from "./openapi";

export interface Route extends RouteDocument {
    readonly handler: Handler;
}

const PAGE = {
    limit: "at most so many, 1 to 1000; 100 unless told",
    offset: "leave out so many",
};
const UNKNOWN_MONITOR = { 404: "there is no such monitor" };
const NOT_ASSIGNED = { 404: "there is no such monitor, or no such node", 409: "the node is not online" };

export const ROUTES: readonly Route[] = [
    {
        ...{ method: "GET", path: "/health", auth: "none", handler: getHealth },
        ...{ summary: "Whether this node does its work", answer: "Health" },
        errors: { 503: "it does not; the body says why" },
    },
    {
        ...{ method: "GET", path: "/ready", auth: "none", handler: getReady },
        ...{ summary: "Whether this node does its work and is online", answer: "Readiness" },
        errors: { 503: "it does not, or is not; the body says why" },
    },
    {
        ...{ method: "GET", path: "/watch", auth: "none", handler: watchNode },
        ...{ summary: "A line at once and then each second, without end: how this node is", answer: "Tick" },
        ...{ type: "application/x-ndjson", errors: { 503: "too many clients watch this node" } },
    },
    {
        ...{ method: "GET", path: "/openapi.json", auth: "none", summary: "This document" },
        handler: ({ agent }) => Promise.resolve(ok(openapi(ROUTES, agent.kumaVersion))),
    },
    {
        ...{ method: "GET", path: "/monitors", auth: "user", handler: listMonitors },
        ...{ summary: "Monitors, by id", answer: "MonitorList" },
        query: {
            ...PAGE,
            type: "only of this type",
            active: "only those that are switched on (1) or paused (0) themselves, whatever their groups are",
            node: "only those that this node runs",
            name: "only those with this in their name",
            tag: "only those with a tag of this name",
        },
    },
    {
        ...{ method: "POST", path: "/monitors", auth: "user", handler: createMonitor },
        ...{ summary: "Add a monitor; the node with the fewest runs it", body: "NewMonitor", answer: "Monitor" },
        status: 201,
    },
    {
        ...{ method: "GET", path: "/monitors/{id}", auth: "user", handler: getMonitor },
        ...{ summary: "One monitor", answer: "Monitor", errors: UNKNOWN_MONITOR },
    },
    {
        ...{ method: "PUT", path: "/monitors/{id}", auth: "user", handler: replaceMonitor },
        ...{ summary: "Replace a monitor: what is not given gets its default", body: "NewMonitor", answer: "Monitor" },
        errors: UNKNOWN_MONITOR,
    },
    {
        ...{ method: "PATCH", path: "/monitors/{id}", auth: "user", handler: patchMonitor },
        ...{ summary: "Change the fields that are given", body: "MonitorFields", answer: "Monitor" },
        errors: UNKNOWN_MONITOR,
    },
    {
        ...{ method: "DELETE", path: "/monitors/{id}", auth: "user", handler: deleteMonitor },
        ...{ summary: "Delete a monitor and its heartbeats", answer: "Deleted", errors: UNKNOWN_MONITOR },
        query: { delete_children: "of a group: delete its monitors too, otherwise they leave it" },
    },
    {
        ...{ method: "POST", path: "/monitors/{id}/pause", auth: "user", handler: pauseMonitor },
        ...{ summary: "Pause a monitor", answer: "Monitor", errors: UNKNOWN_MONITOR },
    },
    {
        ...{ method: "POST", path: "/monitors/{id}/resume", auth: "user", handler: resumeMonitor },
        ...{ summary: "Resume a monitor", answer: "Monitor", errors: UNKNOWN_MONITOR },
    },
    {
        ...{ method: "GET", path: "/monitors/{id}/heartbeats", auth: "user", handler: listHeartbeats },
        ...{ summary: "Heartbeats of a monitor, the newest first", answer: "HeartbeatList", errors: UNKNOWN_MONITOR },
        query: {
            limit: PAGE.limit,
            before: "only those older than the one of this id: next_before of the page before",
            important: "only those where the status changed (1), or only the others (0)",
        },
    },
    {
        ...{ method: "POST", path: "/monitors/{id}/assign", auth: "user", handler: assignMonitor },
        ...{ summary: "Make a node the home of a monitor", body: "Assignment", answer: "Monitor" },
        errors: NOT_ASSIGNED,
    },
    {
        ...{ method: "POST", path: "/monitors/{id}/pin", auth: "user", handler: pinMonitor },
        ...{ summary: "Make a node the only one that ever runs a monitor", body: "Assignment", answer: "Monitor" },
        errors: NOT_ASSIGNED,
    },
    {
        ...{ method: "DELETE", path: "/monitors/{id}/pin", auth: "user", handler: unpinMonitor },
        ...{ summary: "Let a monitor leave its home again", answer: "Monitor", errors: UNKNOWN_MONITOR },
    },
    {
        ...{ method: "GET", path: "/nodes", auth: "user", handler: listNodes },
        ...{ summary: "Every node of the cluster", answer: "NodeList" },
    },
    {
        ...{ method: "GET", path: "/notifications", auth: "user", handler: listNotifications },
        ...{ summary: "Notifications, without what they are configured with", answer: "NotificationList", query: PAGE },
    },
    {
        ...{ method: "GET", path: "/status-pages", auth: "user", handler: listStatusPages },
        ...{ summary: "Status pages", answer: "StatusPageList", query: PAGE },
    },
    {
        ...{ method: "GET", path: "/groups", auth: "user", handler: listGroups },
        ...{ summary: "Groups of monitors and what is directly in them", answer: "GroupList", query: PAGE },
    },
    {
        ...{ method: "POST", path: "/reconcile-monitors", auth: "cluster", handler: reconcileMonitors },
        ...{ summary: "Look at once which monitors this node has to run", answer: "Reconciliation" },
        errors: { 403: "without the cluster's secret" },
    },
];
