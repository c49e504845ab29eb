-- Generated from src-ts/metrics/requests.ts: edit that file, then run npm run build.
-- What became of the requests to the nodes. A request costs a few operations on tables of its worker, which adds them to
-- the totals about once a second; the totals are in a shared dict, and so belong to all workers and outlive a reload.
local _M = {}
local shared_dict = require("lib.shared_dict")
local worker_timer = require("lib.worker_timer")
local ____overhead = require("metrics.overhead")
local BOUNDS = ____overhead.BOUNDS
local bucket_of = ____overhead.bucket_of
_M.RESULTS = {
    "1xx",
    "2xx",
    "3xx",
    "4xx",
    "5xx",
    "canceled",
    "none"
}
_M.VIAS = {"load-balancer", "fixed-node"}
--- Seconds between two additions to the totals.
local FLUSH_SECONDS = 1
--- Seconds for which the open sockets of a worker count that was killed; longer than a worker takes to end orderly.
local SOCKETS_TTL = 60
--- nginx's status for a client that closed the connection before an answer.
local CLIENT_CLOSED = 499
local dict = shared_dict.open("cluster_metrics")
--- Since the last addition: requests by way, node and status.
local counted = {["load-balancer"] = {}, ["fixed-node"] = {}}
--- Since then: requests that a copy has served, by status.
local copies = {}
local buckets = {}
for index = 0, #BOUNDS do
    buckets[index] = 0
end
local overhead_sum = 0
local open_sockets = 0
local is_ending = false

local function result_of(status)
    local is_answer = status >= 100 and status < 600 and status ~= CLIENT_CLOSED
    return is_answer and (_M.RESULTS[math.floor(status / 100)] or "none") or "canceled"
end

local function add(key, value)
    if value ~= nil and value > 0 then
        shared_dict.increment(dict, key, value)
    end
end

local function flush_nodes(via)
    local total = 0
    for node_id, statuses in pairs(counted[via]) do
        for status, count in pairs(statuses) do
            add(
                (("node:" .. result_of(status)) .. ":") .. node_id,
                count
            )
            total = total + count
            statuses[status] = 0
        end
    end
    add("via:" .. via, total)
end

--- Adds what this worker has counted to the totals.
function _M.flush()
    for ____, via in ipairs(_M.VIAS) do
        flush_nodes(via)
    end
    for status, count in pairs(copies) do
        add(
            ("node:" .. result_of(status)) .. ":",
            count
        )
        copies[status] = 0
    end
    for index = 0, #BOUNDS do
        add(
            "overhead:" .. tostring(index),
            buckets[index]
        )
        buckets[index] = 0
    end
    add("overhead_sum", overhead_sum)
    overhead_sum = 0
    local key = "sockets:" .. tostring(ngx.worker.pid())
    if open_sockets > 0 then
        shared_dict.set(dict, key, open_sockets, SOCKETS_TTL)
    else
        dict.raw:delete(key)
    end
end

--- Starts the additions of this worker. One that ends serves its last requests after its last round.
function _M.start()
    worker_timer.every(
        "metrics",
        FLUSH_SECONDS,
        _M.flush,
        function()
            is_ending = true
            _M.flush()
        end
    )
end

--- A request has ended that was handed to this node last; `overhead` in seconds. Free of loops, see routing/selection.
function _M.count(node_id, via, status, overhead)
    local nodes = counted[via]
    local statuses = nodes[node_id]
    if statuses == nil then
        statuses = {}
        nodes[node_id] = statuses
    end
    statuses[status] = (statuses[status] or 0) + 1
    local bucket = bucket_of(overhead)
    buckets[bucket] = (buckets[bucket] or 0) + 1
    overhead_sum = overhead_sum + overhead
    if is_ending then
        _M.flush()
    end
end

--- A request has ended that a copy of an earlier answer has served: no node had a part in it.
function _M.count_copy(status)
    copies[status] = (copies[status] or 0) + 1
    if is_ending then
        _M.flush()
    end
end

--- A request has ended that the load balancer answered itself; `node_id` of who failed it last, "" for nobody.
function _M.count_unanswered(node_id, status)
    shared_dict.increment(
        dict,
        (("node:" .. (status >= 500 and "none" or result_of(status))) .. ":") .. node_id
    )
end

--- A request goes to another node since this one has failed it.
function _M.count_retry(node_id)
    shared_dict.increment(dict, "node:retries:" .. node_id)
end

--- A WebSocket is asked for: `1` for one that opens, `-1` when it ends.
function _M.count_socket(change)
    open_sockets = open_sockets + change
    if is_ending then
        _M.flush()
    end
end

local function of_node(nodes, node_id)
    local known = nodes[node_id] or ({results = {}, retries = 0})
    nodes[node_id] = known
    return known
end

--- The totals of all workers, as of their last additions.
function _M.read()
    local read_totals = {nodes = {}, open_sockets = 0}
    for ____, key in ipairs(dict.raw:get_keys(0)) do
        local value = shared_dict.get_number(dict, key) or 0
        local kind, node_id = string.match(key, "^node:(%w+):(.*)$")
        if kind == "retries" then
            of_node(read_totals.nodes, node_id or "").retries = value
        elseif kind ~= nil then
            of_node(read_totals.nodes, node_id or "").results[kind] = value
        elseif string.sub(key, 1, 8) == "sockets:" then
            read_totals.open_sockets = read_totals.open_sockets + value
        end
    end
    return read_totals
end

--- Requests that were handed to a node this way.
function _M.routed(via)
    return shared_dict.get_number(dict, "via:" .. via) or 0
end

--- The time that was added to requests: how many fell into each bucket of BOUNDS, and the sum in seconds.
function _M.overhead()
    local counts = {}
    for index = 0, #BOUNDS do
        table.insert(
            counts,
            shared_dict.get_number(
                dict,
                "overhead:" .. tostring(index)
            ) or 0
        )
    end
    return {
        counts = counts,
        sum = shared_dict.get_number(dict, "overhead_sum") or 0
    }
end

--- By node, since the load balancer started: requests handed to it last, those of them that it answered by 5xx or not at
-- all, and those that it failed and another node took over.
function _M.totals()
    local found = {}
    for node_id, ____temp_0 in pairs(_M.read().nodes) do
        local retries
        local results
        results = ____temp_0.results
        retries = ____temp_0.retries
        local requests = 0
        for ____, result in ipairs(_M.RESULTS) do
            requests = requests + (results[result] or 0)
        end
        found[node_id] = {requests = requests, errors = (results["5xx"] or 0) + (results.none or 0), retries = retries}
    end
    return found
end
return _M
