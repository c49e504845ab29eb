-- Generated from src-ts/placement/rebalance.ts: edit that file, then run npm run build.
-- Which monitors get another home so that the nodes are even: pure functions.
local _M = {}
local ____heap = require("lib.heap")
local new_heap = ____heap.new_heap
local pop = ____heap.pop
local push = ____heap.push
local ____stock = require("placement.stock")
local add = ____stock.add
local best_rate = ____stock.best_rate
local new_stock = ____stock.new_stock
local rate_of = ____stock.rate_of
local take = ____stock.take

local function is_heavier(a, b)
    local ____temp_0
    if a.load == b.load then
        ____temp_0 = a.bin.order < b.bin.order
    else
        ____temp_0 = a.load > b.load
    end
    return ____temp_0
end

local function is_lighter(a, b)
    local ____temp_1
    if a.load == b.load then
        ____temp_1 = a.bin.order < b.bin.order
    else
        ____temp_1 = a.load < b.load
    end
    return ____temp_1
end

--- The nodes with the active monitors that they run. What is paused weighs nothing and stays.
local function fill(node_ids, monitors)
    local bins = {}
    local by_node = {}
    for ____, node_id in ipairs(node_ids) do
        local bin = {
            node_id = node_id,
            order = #bins,
            stock = new_stock(),
            load = 0,
            count = 0,
            is_spent = false
        }
        table.insert(bins, bin)
        by_node[node_id] = bin
    end
    for ____, monitor in ipairs(monitors) do
        local bin = by_node[monitor.owner]
        if bin ~= nil and monitor.active then
            local rate = rate_of(monitor.interval)
            bin.load = bin.load + rate
            bin.count = bin.count + 1
            if monitor.movable then
                add(bin.stock, rate, monitor.id)
            end
        end
    end
    return bins
end

--- The first bin of a heap that `is_usable`; what is out of date or unusable leaves the heap.
local function first(heap, is_usable)
    local entry = heap.items[1]
    while entry ~= nil and (entry.load ~= entry.bin.load or not is_usable(entry.bin)) do
        pop(heap)
        entry = heap.items[1]
    end
    return entry and entry.bin
end

local function can_give(bin)
    return not bin.is_spent
end

--- Notes a move; one that goes on with a monitor moved before leaves one move from its first node to its last.
local function note(moves, by_id, move)
    local earlier = by_id[move.id]
    if earlier == nil then
        by_id[move.id] = move
        table.insert(moves, move)
    else
        earlier.to = move.to
    end
end

--- Without those that end where they began.
function _M.really_moved(moves)
    local real = {}
    for ____, move in ipairs(moves) do
        if move.from ~= move.to then
            table.insert(real, move)
        end
    end
    return real
end

--- Evens out the loads of the nodes with few moves: again and again from the heaviest to the lightest the monitor whose
-- weight is closest to half of their difference, until no move makes them more even, or for `most` moves. A node with
-- `limit` active monitors gets no more. `monitors` are in the order of their ids; those of other nodes do not matter.
function _M.even_out(node_ids, monitors, limit, most)
    if most == nil then
        most = math.huge
    end
    local givers = new_heap(is_heavier)
    local takers = new_heap(is_lighter)
    local function enter(bin)
        push(givers, {bin = bin, load = bin.load})
        push(takers, {bin = bin, load = bin.load})
    end
    for ____, bin in ipairs(fill(node_ids, monitors)) do
        enter(bin)
    end
    local function has_room(bin)
        return bin.count < limit
    end
    local moves = {}
    local by_id = {}
    local giver = first(givers, can_give)
    local taker = first(takers, has_room)
    while giver ~= nil and taker ~= nil and giver.load > taker.load and #moves < most do
        local rate = best_rate(giver.stock, giver.load - taker.load)
        if rate == nil then
            giver.is_spent = true
        else
            local id = take(giver.stock, rate)
            add(taker.stock, rate, id)
            giver.load = giver.load - rate
            giver.count = giver.count - 1
            taker.load = taker.load + rate
            taker.count = taker.count + 1
            enter(giver)
            enter(taker)
            note(moves, by_id, {id = id, from = giver.node_id, to = taker.node_id})
        end
        giver = first(givers, can_give)
        taker = first(takers, has_room)
    end
    return _M.really_moved(moves)
end
return _M
