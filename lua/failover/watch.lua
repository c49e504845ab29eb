-- Generated from src-ts/failover/watch.ts: edit that file, then run npm run build.
-- The standing connections to the nodes: one worker of this load balancer has one to each, in light threads of a single
-- timer. The workers take turns by a short lease, so that another one goes on when this one ends or is killed.
local _M = {}
local clock = require("lib.clock")
local turn = require("lib.turn")
local logger = require("logger")
local ____watch_node = require("failover.watch_node")
local watch = ____watch_node.watch
local watch_records = require("failover.watch_records")
--- Seconds after which the turn of a worker that was killed is over.
local TURN_TTL = 3
--- Seconds between two looks at whether this worker may go on; a reload waits for that.
local STEP = 0.2
--- Seconds between two looks at the list of nodes.
local LIST_INTERVAL = 1
--- Seconds after which all begins anew: nginx frees what a timer has used for its connections when the timer ends.
local RENEW_AFTER = 3600
local TURN = "watch_turn"

local function start(target)
    local watcher = {node_id = target.node_id, host = target.host, is_dropped = false, is_done = false}
    local thread = ngx.thread.spawn(function()
        local ok, err = pcall(watch, watcher)
        if not ok then
            logger.error("WATCH", "%s: %s", watcher.node_id, err)
        end
        watcher.is_done = true
    end)
    watcher.thread = thread
    return watcher
end

--- Ends the threads of nodes that are gone or have moved, and takes those away that have ended.
local function drop_others(watchers, hosts)
    for node_id, watcher in pairs(watchers) do
        if hosts[node_id] ~= watcher.host then
            watcher.is_dropped = true
        end
        if watcher.is_done then
            ngx.thread.wait(watcher.thread)
            watchers[node_id] = nil
            if hosts[node_id] == nil then
                watch_records.forget(node_id)
            end
        end
    end
end

local function adjust(watchers, targets)
    local hosts = {}
    for ____, ____value in ipairs(targets) do
        local node_id = ____value.node_id
        local host = ____value.host
        hosts[node_id] = host
    end
    drop_others(watchers, hosts)
    for ____, target in ipairs(targets) do
        local ____watchers_0, ____target_node_id_1 = watchers, target.node_id
        if ____watchers_0[____target_node_id_1] == nil then
            ____watchers_0[____target_node_id_1] = start(target)
        end
    end
end

--- Watches the nodes for as long as this worker has the turn, which may be for ever; returns at once when another worker
-- has it. `list` gives the nodes and must not wait.
function _M.run(list)
    if ngx.worker.exiting() or not turn.keep(TURN, TURN_TTL) then
        return
    end
    local watchers = {}
    local ends_at = clock.monotonic() + RENEW_AFTER
    local listed_at = -math.huge
    while not ngx.worker.exiting() and turn.keep(TURN, TURN_TTL) and clock.monotonic() < ends_at do
        if clock.monotonic() - listed_at >= LIST_INTERVAL then
            listed_at = clock.monotonic()
            adjust(
                watchers,
                list()
            )
        end
        ngx.sleep(STEP)
    end
    for ____, watcher in pairs(watchers) do
        ngx.thread.kill(watcher.thread)
    end
    turn.give_back(TURN)
end
return _M
