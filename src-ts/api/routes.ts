/* Every route of the HTTP API, nowhere else: who may call it, what answers, and what /lb/openapi.json says of it. */
import * as debug from "./debug";
import * as drain from "./drain";
import * as fixed_node from "./fixed_node";
import * as forget from "./forget";
import * as history from "./history";
import * as loads from "./loads";
import * as metrics from "./metrics";
import * as nodes from "./nodes";
import { openapi } from "./openapi";
import * as operations from "./operations";
import * as probe_checks from "./probe_checks";
import * as probes from "./probes";
import * as rebalancing from "./rebalancing";
import type { Route } from "./route";
import {
    ASSIGNMENTS,
    CHECK_NOT_TAKEN,
    CREATED,
    DATABASE_LOST,
    DRY,
    DRY_LOADS,
    EVENTS,
    get,
    LIMIT,
    MOVES,
    NOT_READY,
    NOT_TAKEN,
    OF_CHECK,
    OF_SESSION,
    OLD,
    OLD_LOADS,
    PAGE,
    post,
    PROBE,
    put,
    remove,
    WRITTEN,
} from "./row";
import * as status from "./status";
import * as system from "./system";

const EVEN_OUT = "Evens out the nodes with few moves.";
const PLACE_ANEW = "Gives every monitor a node anew.";
const READ_LOADS = "Reads nodes and loads from the database now.";

export const ROUTES: readonly Route[] = [
    get("open", "ping", status.ping, "text/plain", "The text pong; touches nothing."),
    get("open", "livez", status.livez, "LivezBody", "The process answers."),
    get("open", "readyz", status.readyz, "ReadyzBody", "Requests can be routed.", NOT_READY),
    get("status", "health", status.health, "HealthBody", "The nodes and the database at a glance.", NOT_READY),
    get(
        "status",
        "health-status",
        status.health_status,
        "HealthStatusBody",
        "Health checks and the latest fail-overs.",
        NOT_READY,
    ),
    get("status", "capacity", nodes.capacity, "CapacityBody", "How much of the nodes' capacity is in use.", NOT_READY),
    get("status", "system-status", system.system_status, "SystemStatusBody", "All there is to know.", NOT_READY),
    get("status", "node-status", nodes.node_status, "NodeStatusBody", "Every node in detail.", NOT_READY),
    get(
        "status",
        "load-balancer-status",
        system.load_balancer_status,
        "LoadBalancerStatusBody",
        "Loads and requests.",
        NOT_READY,
    ),
    get("status", "fault-detection-status", history.fault_detection_status, "FaultDetectionBody", "What is wrong."),
    get(
        "status",
        "rebalancing-status",
        rebalancing.rebalancing_status,
        "RebalancingStatusBody",
        "Its progress.",
        DATABASE_LOST,
    ),
    get(
        "status",
        "setup-status",
        status.setup_status,
        "SetupStatusBody",
        "Whether Uptime Kuma has a user yet.",
        NOT_READY,
    ),
    get(
        "status",
        "available-nodes",
        nodes.available_nodes,
        "AvailableNodesBody",
        "The nodes that take requests.",
        NOT_READY,
    ),
    get("status", "events", history.events, "EventsBody", "What happened, oldest first.", EVENTS),
    get("cluster", "monitors/{id}/explain", history.explain, "ExplainBody", "Which node runs a monitor, and why.", {
        errors: { "400": ["invalid_parameter"], "404": ["monitor_not_found"], "503": ["database_lost"] },
    }),

    get("status", "metrics", metrics.metrics, metrics.CONTENT_TYPE, "Everything that is counted, for Prometheus."),

    get("open", "fixed-node/{node}", fixed_node.fixed_node_page, PAGE, "Pins this browser to a node.", NOT_READY),
    get("open", "clear-fixed-node", fixed_node.clear_fixed_node_page, "text/html", "Back to load balancing."),
    get(
        "open",
        "fixed-node-status",
        fixed_node.fixed_node_status,
        "FixedNodeStatusBody",
        "What the cookie does.",
        NOT_READY,
    ),
    post("open", "set-fixed-node", fixed_node.set_fixed_node, "SetFixedNodeBody", "Pins this client to a node.", {
        takes: "SetFixedNodeRequest",
        errors: { "400": ["unknown_node", "node_not_online"], "503": ["not_ready"] },
    }),
    post("open", "clear-fixed-node", fixed_node.clear_fixed_node, "ClearFixedNodeBody", "Back to load balancing."),

    post(
        "cluster",
        "trigger-health-check",
        operations.trigger_health_check,
        "HealthCheckBody",
        "Checks every node now.",
        { errors: { "503": ["health_check_busy"] } },
    ),
    get("cluster", "trigger-rebalancing", rebalancing.trigger_rebalancing, MOVES, EVEN_OUT, OLD),
    post("cluster", "trigger-rebalancing", rebalancing.trigger_rebalancing, MOVES, EVEN_OUT, DRY),
    get("cluster", "force-rebalance-all", rebalancing.force_rebalance_all, MOVES, PLACE_ANEW, OLD),
    post("cluster", "force-rebalance-all", rebalancing.force_rebalance_all, MOVES, PLACE_ANEW, DRY),
    get("cluster", "update-loads", loads.update_loads, "LoadsBody", READ_LOADS, OLD_LOADS),
    post("cluster", "update-loads", loads.update_loads, "LoadsBody", READ_LOADS, DRY_LOADS),
    post("cluster", "nodes/{node}/drain", drain.drain, { "202": "DrainBody" }, "Has a node emptied.", {
        errors: { "404": ["node_not_found"], "409": ["last_online_node"], "503": ["database_lost"] },
    }),
    post("cluster", "nodes/{node}/ready", drain.ready, { "202": "DrainBody" }, "Takes a drained node back.", {
        errors: { "404": ["node_not_found"], "503": ["database_lost"] },
    }),
    remove("cluster", "nodes/{node}", forget.forget, "ForgottenBody", "Takes an offline node out of the cluster.", {
        errors: {
            "404": ["node_not_found"],
            "409": ["node_not_offline", "monitors_pinned", "monitors_left"],
            "503": ["database_lost"],
        },
    }),
    get("cluster", "debug-config", debug.debug_config, "DebugConfigBody", "The settings in use; secrets are masked."),
    get("cluster", "debug-logs", debug.debug_logs, "DebugLogsBody", "The latest log lines."),

    get("open", "openapi.json", () => openapi(ROUTES), "application/json", "This document."),

    post("probe", "probes/register", probes.register, "RegisterBody", "A probe begins.", {
        takes: "RegisterRequest",
        errors: WRITTEN,
    }),
    get("probe", "probes/assignments", probes.assignments, ASSIGNMENTS, "What a probe has to check.", {
        query: PROBE,
        errors: OF_SESSION,
    }),
    post("probe", "probes/results", probes.results, "ResultsBody", "What it came to.", {
        takes: "ResultsRequest",
        errors: OF_SESSION,
    }),
    get("cluster", "probes", probes.list, "ProbesBody", "The probes and their regions.", DATABASE_LOST),
    get("cluster", "probe-checks", probe_checks.list, "ProbeChecksBody", "Checks from several places.", DATABASE_LOST),
    post("cluster", "probe-checks", probe_checks.add, CREATED, "Adds one, and a push monitor in Uptime Kuma.", {
        takes: "ProbeCheckRequest",
        errors: NOT_TAKEN,
    }),
    get("cluster", "probe-checks/{id}", probe_checks.get, "ProbeCheckBody", "One of them, unmasked.", OF_CHECK),
    put("cluster", "probe-checks/{id}", probe_checks.replace, "ProbeCheckBody", "Replaces one.", {
        takes: "ProbeCheckRequest",
        errors: CHECK_NOT_TAKEN,
    }),
    remove("cluster", "probe-checks/{id}", probe_checks.remove, "RemovedBody", "Removes one, and its push monitor.", {
        errors: CHECK_NOT_TAKEN,
    }),
    get(
        "cluster",
        "probe-checks/{id}/results",
        probe_checks.results,
        "ProbeResultsBody",
        "What was found, by region.",
        {
            query: [LIMIT],
            errors: OF_CHECK.errors,
        },
    ),
];
