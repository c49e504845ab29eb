-- Generated from src-ts/failover/outcome.ts: edit that file, then run npm run build.
-- What an operation has moved in this round: done, noted and told.
local _M = {}
local logger = require("logger")
local operations = require("store.operations")
local ____reconcile = require("failover.reconcile")
local announce = ____reconcile.announce
local ____records = require("failover.records")
local count = ____records.count
local ____round = require("failover.round")
local tell = ____round.tell

--- Notes what an operation has moved now: counters, log, event, progress. Returns how many that were.
function _M.note_moves(round, operation, moved, destinations)
    if moved == 0 then
        return 0
    end
    count("moves", moved)
    local targets = {}
    for ____, ____value in ipairs(destinations) do
        local target = ____value.node_id
        local ids = ____value.ids
        targets[target] = (targets[target] or 0) + #ids
    end
    announce(round.nodes, targets)
    operation.moved = operation.moved + moved
    operation.waiting = operation.waiting + moved
    operation.holding = 1
    local node_id = operation.node_id or ""
    logger.health_check(
        "%s %d: %d monitors%s moved: %s",
        operation.type,
        operation.id,
        moved,
        node_id == "" and "" or " of " .. node_id,
        operation.reason
    )
    tell(round, operation.type, node_id, {operation = operation.id, moved = moved, targets = targets, reason = operation.reason})
    local ____, err = operations.progress(operation.id, moved, round.lease)
    if err ~= nil then
        return nil, err
    end
    return moved
end

--- The next plan of this round must see what this one has placed.
local function add_loads(round, shares)
    for ____, share in ipairs(shares) do
        for ____, node in ipairs(round.nodes) do
            if node.node_id == share.node_id then
                node.load = node.load + share.load
                node.monitor_count = node.monitor_count + share.count
            end
        end
    end
end

--- Carries out a plan as part of an operation: `write` does the assignments. Returns how many monitors moved.
function _M.carry_out(round, operation, shares, write)
    local moved, err = write()
    if moved == nil then
        return nil, err
    end
    add_loads(round, shares)
    return _M.note_moves(round, operation, moved, shares)
end
return _M
