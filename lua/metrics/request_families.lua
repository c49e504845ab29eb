-- Generated from src-ts/metrics/request_families.ts: edit that file, then run npm run build.
-- Families of the requests that were handed to nodes.
local _M = {}
local ____exposition = require("metrics.exposition")
local labels = ____exposition.labels
local ____family = require("metrics.family")
local counter = ____family.counter
local gauge = ____family.gauge
local histogram = ____family.histogram
local one = ____family.one
local ____overhead = require("metrics.overhead")
local BOUNDS = ____overhead.BOUNDS
local requests = require("metrics.requests")
local REQUESTS = "Requests that have ended, by the node that had them last and the class of its answer: 1xx are WebSockets, canceled by" .. " the client before an answer, none when no node answered; node is empty for what the load balancer answered by itself."
local ROUTED = "Requests that a node had, by how it was chosen: by the load or by the cookie of a fixed node."
local RETRIES = "Requests that this node failed and another one took over."
local OVERHEAD = ("Time that the load balancer added to a request that a node had: choosing the node, with any wait for its name or for" .. " the database, measured to the microsecond, and all that was lost with nodes that failed it before, to the") .. " millisecond. Without the passing on of bytes."
local SOCKETS = "WebSockets that are open now."

--- The ids to show, in a stable order: the nodes that exist, and "" for requests that no node had.
local function shown_ids(status)
    local ids = {""}
    for ____, ____value in ipairs(status and status.nodes or ({})) do
        local node_id = ____value.node_id
        table.insert(ids, node_id)
    end
    return ids
end
--- What a node has never done needs no sample, but for what alerts divide by.
local ALWAYS_SHOWN = {["2xx"] = true, none = true}

local function results_of(node_id, ____bindingPattern0, samples)
    local nodes
    nodes = ____bindingPattern0.nodes
    for ____, result in ipairs(requests.RESULTS) do
        local ____opt_2 = nodes[node_id]
        local value = ____opt_2 and ____opt_2.results[result] or (ALWAYS_SHOWN[result] == true and 0 or nil)
        if value ~= nil then
            table.insert(
                samples,
                {
                    labels = labels("node", node_id, "result", result),
                    value = value
                }
            )
        end
    end
end

--- The families of requests, this worker's latest ones included.
function _M.request_families(status)
    requests.flush()
    local totals = requests.read()
    local results = {}
    local retries = {}
    for ____, node_id in ipairs(shown_ids(status)) do
        results_of(node_id, totals, results)
        if node_id ~= "" then
            local ____table_insert_7 = table.insert
            local ____labels_result_6 = labels("node", node_id)
            local ____opt_4 = totals.nodes[node_id]
            ____table_insert_7(retries, {labels = ____labels_result_6, value = ____opt_4 and ____opt_4.retries or 0})
        end
    end
    local routed = {}
    for ____, via in ipairs(requests.VIAS) do
        table.insert(
            routed,
            {
                labels = labels("via", via),
                value = requests.routed(via)
            }
        )
    end
    local ____requests_overhead_result_8 = requests.overhead()
    local counts = ____requests_overhead_result_8.counts
    local sum = ____requests_overhead_result_8.sum
    return {
        counter("requests_total", REQUESTS, results),
        counter("requests_routed_total", ROUTED, routed),
        counter("request_retries_total", RETRIES, retries),
        histogram("request_overhead_seconds", OVERHEAD, {bounds = BOUNDS, counts = counts, sum = sum}),
        gauge(
            "websockets",
            SOCKETS,
            one(totals.open_sockets)
        )
    }
end
return _M
