-- Generated from src-ts/failover/verification.ts: edit that file, then run npm run build.
-- Looks after what was moved: a monitor that does not beat at its new node is moved once more, and an operation ends
-- when every monitor that it moved beats, or never will.
local _M = {}
local config = require("config")
local clock = require("lib.clock")
local group = require("lib.group")
local shared_dict = require("lib.shared_dict")
local logger = require("logger")
local ____plan = require("placement.plan")
local spread = ____plan.spread
local assignments = require("store.assignments")
local moves = require("store.moves")
local operations = require("store.operations")
local ____outcome = require("failover.outcome")
local carry_out = ____outcome.carry_out
local ____records = require("failover.records")
local count = ____records.count
local ____round = require("failover.round")
local join = ____round.join
local targets = ____round.targets
local tell = ____round.tell
--- Looking costs the database two index reads for each monitor that is awaited: it gets ten times as long to rest.
local REST_FACTOR = 10
local REST_MIN = 1
local dict = shared_dict.open("health_checker")

--- Looks which moved monitors beat by now, at most once a second and less often when that takes long. `database_age` is
-- for how many seconds the database has been there: while it is away nobody can beat.
function _M.look(database_age)
    if (dict.raw:get("resting")) ~= nil then
        return 0
    end
    local started = clock.now()
    local settled, err = moves.settle(database_age)
    ngx.update_time()
    local rest = math.max(
        REST_MIN - 0.2,
        (clock.now() - started) * REST_FACTOR
    )
    shared_dict.set(dict, "resting", true, rest)
    if settled == nil then
        return nil, err
    end
    return settled
end

local function correct_node(node_id, late, round)
    local candidates = targets(round.nodes, node_id)
    if #candidates == 0 then
        return 0
    end
    local operation, err = join(
        round,
        "correction",
        node_id,
        "no beat since they moved to " .. node_id,
        #late
    )
    if operation == nil then
        return nil, err
    end
    local monitors = {}
    for ____, ____value in ipairs(late) do
        local monitor_id = ____value.monitor_id
        local interval = ____value.interval
        table.insert(monitors, {id = monitor_id, active = true, interval = interval})
    end
    local ____spread_result_0 = spread(monitors, candidates, config.cluster.monitor_limit_per_node)
    local shares = ____spread_result_0.shares
    local moved, move_err = carry_out(
        round,
        operation,
        shares,
        function() return assignments.move(shares, node_id, operation.id, round.lease) end
    )
    if moved == nil then
        return nil, move_err
    end
    if moved > 0 then
        logger.warn("HEALTH_CHECK", "%d monitors do not beat since they moved to %s", #late, node_id)
    end
    count("corrections", moved)
    return moved
end

--- Moves what is late once more, elsewhere; returns how many. What is late there too stays: the fault is its own.
function _M.correct(round)
    if #round.open == 0 then
        return 0
    end
    local late, err = moves.late()
    if late == nil then
        return nil, err
    end
    local by_node = {}
    for ____, move in ipairs(late) do
        if not move.corrected then
            group.add(by_node, move.to_node, move)
        end
    end
    local moved = 0
    for node_id, list in pairs(by_node) do
        local corrected, correct_err = correct_node(node_id, list, round)
        if corrected == nil then
            return nil, correct_err
        end
        moved = moved + corrected
    end
    return moved
end

local function finish(operation, round)
    local done, err = operations.finish(operation.id, round.lease)
    if done == nil then
        return nil, err
    end
    if not done then
        return true
    end
    local ended = operations.find(operation.id)
    if ended ~= nil then
        local ____ended_1 = ended
        local id = ____ended_1.id
        local moved = ____ended_1.moved
        local late = ____ended_1.late
        local gap_ms = ____ended_1.gap_ms
        local reason = ____ended_1.reason
        local started_at = ____ended_1.started_at
        local finished_at = ____ended_1.finished_at
        local node_id = operation.node_id or ""
        tell(round, operation.type .. ".done", node_id, {
            operation = id,
            moved = moved,
            late = late,
            gap_ms = gap_ms,
            reason = reason,
            started_at = started_at,
            finished_at = finished_at
        })
    end
    return true
end

--- Ends the operations that had nothing to do in this round and await no beat. Last in the round.
function _M.finish_operations(round)
    for ____, operation in ipairs(round.open) do
        local is_idle = operation.status == "running" and round.busy[operation.id] ~= true
        if is_idle and operation.waiting == 0 then
            local ____, err = finish(operation, round)
            if err ~= nil then
                return nil, err
            end
        end
    end
    return true
end
return _M
