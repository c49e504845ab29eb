-- Generated from src-ts/placement/anew.ts: edit that file, then run npm run build.
-- The homes that monitors would get if none had one: pure.
local _M = {}
local ____plan = require("placement.plan")
local spread = ____plan.spread
local weight = ____plan.weight
local ____rebalance = require("placement.rebalance")
local really_moved = ____rebalance.really_moved

--- Places all movable monitors anew over the nodes, on top of what has to stay there. The same monitors give the same
-- places, so that what is carried out in parts comes to an end. Returns those that are elsewhere now, by id.
function _M.place_anew(node_ids, monitors, limit)
    local targets = {}
    local by_node = {}
    for ____, node_id in ipairs(node_ids) do
        local target = {node_id = node_id, load = 0, count = 0}
        table.insert(targets, target)
        by_node[node_id] = target
    end
    local movable = {}
    for ____, monitor in ipairs(monitors) do
        local target = by_node[monitor.owner]
        if target ~= nil and monitor.movable then
            table.insert(movable, monitor)
        elseif target ~= nil and monitor.active then
            target.load = target.load + weight(monitor)
            target.count = target.count + 1
        end
    end
    local places = {}
    for ____, share in ipairs(spread(movable, targets, limit).shares) do
        for ____, id in ipairs(share.ids) do
            places[id] = share.node_id
        end
    end
    local moves = {}
    for ____, ____value in ipairs(movable) do
        local id = ____value.id
        local owner = ____value.owner
        table.insert(moves, {id = id, from = owner, to = places[id]})
    end
    return really_moved(moves)
end
return _M
