-- Generated from src-ts/failover/round.ts: edit that file, then run npm run build.
-- What one round of the control plane knows and does: the nodes as read, the lease, and the operations that are open.
local _M = {}
local config = require("config")
local states = require("lib.states")
local logger = require("logger")
local events = require("store.events")
local operations = require("store.operations")
local ____reconcile = require("failover.reconcile")
local announce = ____reconcile.announce
local ____records = require("failover.records")
local count = ____records.count

--- Starts the round's book: reads the open operations.
function _M.begin(nodes, lease)
    local open, err = operations.open()
    if open == nil then
        return nil, err
    end
    return {nodes = nodes, lease = lease, open = open, busy = {}}
end

--- Nodes that can take monitors, but for `except`.
function _M.targets(nodes, except)
    local found = {}
    for ____, node in ipairs(nodes) do
        if node.status == states.ONLINE and node.node_id ~= except then
            table.insert(found, {node_id = node.node_id, load = node.load, count = node.monitor_count})
        end
    end
    return found
end

--- The running operation of this type for the node, or nil.
function _M.running(round, ____type, node_id)
    for ____, operation in ipairs(round.open) do
        if operation.type == ____type and operation.node_id == node_id and operation.status == "running" then
            return operation
        end
    end
    return nil
end

--- Begins an operation, also beside a running one of its kind.
function _M.open(round, ____type, node_id, reason, planned)
    local id, err = operations.begin(
        ____type,
        node_id,
        reason,
        planned,
        config.node.id,
        round.lease
    )
    if id == nil then
        return nil, err
    end
    local operation = {
        id = id,
        type = ____type,
        status = "running",
        epoch = round.lease.epoch,
        actor = config.node.id,
        reason = reason,
        planned = planned,
        moved = 0,
        waiting = 0,
        holding = 0,
        late = 0,
        requested_at = ""
    }
    if node_id ~= nil then
        operation.node_id = node_id
    end
    table.insert(round.open, operation)
    round.busy[id] = true
    return operation
end

--- The running operation of this type for the node; a new one that plans so many moves when there is none.
function _M.join(round, ____type, node_id, reason, planned)
    local present = _M.running(round, ____type, node_id)
    if present ~= nil then
        round.busy[present.id] = true
        return present
    end
    return _M.open(
        round,
        ____type,
        node_id,
        reason,
        planned
    )
end

--- Writes an event; one that cannot be written is logged and nothing more.
function _M.tell(round, ____type, node_id, detail)
    local ____, err = events.append(
        ____type,
        node_id,
        round.lease.epoch,
        config.node.id,
        detail
    )
    if err ~= nil then
        logger.warn("HEALTH_CHECK", "%s", err)
    end
end

--- Notes what an operation has moved now: counters, log, event, progress, and the loads that the next plan must see.
function _M.note_moves(round, operation, moved, destinations)
    if moved == 0 then
        return true
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
        "%s %d: %d monitors of %s moved: %s",
        operation.type,
        operation.id,
        moved,
        node_id,
        operation.reason
    )
    _M.tell(round, operation.type, node_id, {operation = operation.id, moved = moved, targets = targets, reason = operation.reason})
    local ____, err = operations.progress(operation.id, moved, round.lease)
    if err ~= nil then
        return nil, err
    end
    return true
end

--- The next plan of this round must see what this one has placed.
function _M.add_loads(round, shares)
    for ____, share in ipairs(shares) do
        for ____, node in ipairs(round.nodes) do
            if node.node_id == share.node_id then
                node.load = node.load + share.load
                node.monitor_count = node.monitor_count + share.count
            end
        end
    end
end
return _M
