-- Generated from src-ts/api/routes.ts: edit that file, then run npm run build.
-- Every route of the HTTP API, nowhere else: who may call it, what answers, and what /lb/openapi.json says of it.
local _M = {}
local ____debug = require("api.debug")
local drain = require("api.drain")
local fixed_node = require("api.fixed_node")
local history = require("api.history")
local loads = require("api.loads")
local nodes = require("api.nodes")
local operations = require("api.operations")
local rebalancing = require("api.rebalancing")
local status = require("api.status")
local system = require("api.system")
local DRY_RUN = {name = "dry_run", type = "flag", about = "1 lists the moves and makes none."}
local SINCE = {name = "since", type = "integer", about = "The id of the last event that is known; 0."}
local LIMIT = {name = "limit", type = "integer", about = "How many at most, from 1 to 1000; 100."}

local function make(method, guard, path, handler, answers, about, ____bindingPattern0)
    local deprecated
    local query
    local takes
    takes = ____bindingPattern0.takes
    query = ____bindingPattern0.query
    deprecated = ____bindingPattern0.deprecated
    local by_status = type(answers) == "string" and ({["200"] = answers}) or answers
    return {
        method = method,
        guard = guard,
        path = path,
        handler = handler,
        answers = by_status,
        about = about,
        takes = takes,
        query = query,
        deprecated = deprecated
    }
end

local function get(guard, path, handler, answers, about, details)
    if details == nil then
        details = {}
    end
    return make(
        "GET",
        guard,
        path,
        handler,
        answers,
        about,
        details
    )
end

local function post(guard, path, handler, answers, about, details)
    if details == nil then
        details = {}
    end
    return make(
        "POST",
        guard,
        path,
        handler,
        answers,
        about,
        details
    )
end
local MOVES = {["200"] = "DryRunBody", ["202"] = "AcceptedBody"}
local OLD = {query = {DRY_RUN}, deprecated = true}
local DRY = {query = {DRY_RUN}}
local EVEN_OUT = "Evens out the nodes with few moves."
local PLACE_ANEW = "Gives every monitor a node anew."
local READ_LOADS = "Reads nodes and loads from the database now."
_M.ROUTES = {
    get(
        "open",
        "ping",
        status.ping,
        "text/plain",
        "The text pong; touches nothing."
    ),
    get(
        "open",
        "livez",
        status.livez,
        "LivezBody",
        "The process answers."
    ),
    get(
        "open",
        "readyz",
        status.readyz,
        "ReadyzBody",
        "Requests can be routed."
    ),
    get(
        "status",
        "health",
        status.health,
        "HealthBody",
        "The nodes and the database at a glance."
    ),
    get(
        "status",
        "health-status",
        status.health_status,
        "HealthStatusBody",
        "Health checks and the latest fail-overs."
    ),
    get(
        "status",
        "capacity",
        nodes.capacity,
        "CapacityBody",
        "How much of the nodes' capacity is in use."
    ),
    get(
        "status",
        "system-status",
        system.system_status,
        "SystemStatusBody",
        "All there is to know."
    ),
    get(
        "status",
        "node-status",
        nodes.node_status,
        "NodeStatusBody",
        "Every node in detail."
    ),
    get(
        "status",
        "load-balancer-status",
        system.load_balancer_status,
        "LoadBalancerStatusBody",
        "Loads and requests."
    ),
    get(
        "status",
        "fault-detection-status",
        history.fault_detection_status,
        "FaultDetectionBody",
        "What is wrong."
    ),
    get(
        "status",
        "rebalancing-status",
        rebalancing.rebalancing_status,
        "RebalancingStatusBody",
        "Its progress."
    ),
    get(
        "status",
        "setup-status",
        status.setup_status,
        "SetupStatusBody",
        "Whether Uptime Kuma has a user yet."
    ),
    get(
        "status",
        "available-nodes",
        nodes.available_nodes,
        "AvailableNodesBody",
        "The nodes that take requests."
    ),
    get(
        "status",
        "events",
        history.events,
        "EventsBody",
        "What happened, oldest first.",
        {query = {SINCE, LIMIT}}
    ),
    get(
        "status",
        "monitors/{id}/explain",
        history.explain,
        "ExplainBody",
        "Which node runs a monitor, and why."
    ),
    get(
        "open",
        "fixed-node/{node}",
        fixed_node.fixed_node_page,
        "text/html",
        "Pins this browser to a node."
    ),
    get(
        "open",
        "clear-fixed-node",
        fixed_node.clear_fixed_node_page,
        "text/html",
        "Back to load balancing."
    ),
    get(
        "open",
        "fixed-node-status",
        fixed_node.fixed_node_status,
        "FixedNodeStatusBody",
        "What the cookie does."
    ),
    post(
        "open",
        "set-fixed-node",
        fixed_node.set_fixed_node,
        "SetFixedNodeBody",
        "Pins this client to a node.",
        {takes = "SetFixedNodeRequest"}
    ),
    post(
        "open",
        "clear-fixed-node",
        fixed_node.clear_fixed_node,
        "ClearFixedNodeBody",
        "Back to load balancing."
    ),
    post(
        "cluster",
        "trigger-health-check",
        operations.trigger_health_check,
        "HealthCheckBody",
        "Checks every node now."
    ),
    get(
        "cluster",
        "trigger-rebalancing",
        rebalancing.trigger_rebalancing,
        MOVES,
        EVEN_OUT,
        OLD
    ),
    post(
        "cluster",
        "trigger-rebalancing",
        rebalancing.trigger_rebalancing,
        MOVES,
        EVEN_OUT,
        DRY
    ),
    get(
        "cluster",
        "force-rebalance-all",
        rebalancing.force_rebalance_all,
        MOVES,
        PLACE_ANEW,
        OLD
    ),
    post(
        "cluster",
        "force-rebalance-all",
        rebalancing.force_rebalance_all,
        MOVES,
        PLACE_ANEW,
        DRY
    ),
    get(
        "cluster",
        "update-loads",
        loads.update_loads,
        "LoadsBody",
        READ_LOADS,
        OLD
    ),
    post(
        "cluster",
        "update-loads",
        loads.update_loads,
        "LoadsBody",
        READ_LOADS,
        DRY
    ),
    post(
        "cluster",
        "nodes/{node}/drain",
        drain.drain,
        {["202"] = "DrainBody"},
        "Has a node emptied."
    ),
    post(
        "cluster",
        "nodes/{node}/ready",
        drain.ready,
        {["202"] = "DrainBody"},
        "Takes a drained node back."
    ),
    get(
        "cluster",
        "debug-config",
        ____debug.debug_config,
        "DebugConfigBody",
        "The settings in use; secrets are masked."
    ),
    get(
        "cluster",
        "debug-logs",
        ____debug.debug_logs,
        "DebugLogsBody",
        "The latest log lines."
    )
}
return _M
