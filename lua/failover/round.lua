-- Generated from src-ts/failover/round.ts: edit that file, then run npm run build.
-- What one round of the control plane knows and does: the nodes as read, the lease, and the operations that are open.
local _M = {}
local config = require("config")
local states = require("lib.states")
local logger = require("logger")
local events = require("store.events")
local operations = require("store.operations")

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

--- The newest running operation of this type for the node, or nil.
function _M.running(round, ____type, node_id)
    local newest
    for ____, operation in ipairs(round.open) do
        if operation.type == ____type and operation.node_id == node_id and operation.status == "running" then
            newest = operation
        end
    end
    return newest
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

--- Takes a step at one node after the other, up to the first that fails; returns how many monitors moved in all.
function _M.at_each_node(round, step)
    local moved = 0
    for ____, node in ipairs(round.nodes) do
        local count, err = step(node)
        if count == nil then
            return nil, err
        end
        moved = moved + count
    end
    return moved
end
return _M
