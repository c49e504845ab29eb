-- Generated from src-ts/placement/plan.ts: edit that file, then run npm run build.
-- Who gets which monitors: pure functions.
local _M = {}
local ____heap = require("lib.heap")
local new_heap = ____heap.new_heap
local pop = ____heap.pop
local push = ____heap.push
--- What a paused monitor weighs in checks per second: next to nothing, so that paused ones spread as well.
local PAUSED_WEIGHT = 0.000001

--- Checks per second that a monitor asks for.
function _M.weight(monitor)
    return monitor.active and 1 / math.max(monitor.interval, 1) or PAUSED_WEIGHT
end

local function is_lighter(a, b)
    local ____temp_0
    if a.load == b.load then
        ____temp_0 = a.order < b.order
    else
        ____temp_0 = a.load < b.load
    end
    return ____temp_0
end

--- The heaviest monitors first, so that the light ones even out what they leave; equal ones in the order given. There are
-- few different weights: sorting those takes a small part of the time that sorting all monitors would.
local function by_weight(monitors)
    local weights = {}
    local groups = {}
    for ____, monitor in ipairs(monitors) do
        local its_weight = _M.weight(monitor)
        local group = groups[its_weight]
        if group == nil then
            groups[its_weight] = {monitor}
            table.insert(weights, its_weight)
        else
            table.insert(group, monitor)
        end
    end
    table.sort(
        weights,
        function(a, b) return a > b end
    )
    local sorted = {}
    for ____, its_weight in ipairs(weights) do
        for ____, monitor in ipairs(groups[its_weight]) do
            table.insert(sorted, monitor)
        end
    end
    return sorted
end

local function bins_of(targets)
    local bins = {}
    for ____, ____value in ipairs(targets) do
        local node_id = ____value.node_id
        local load = ____value.load
        local count = ____value.count
        table.insert(bins, {share = {node_id = node_id, ids = {}, load = 0, count = 0}, order = #bins, load = load, count = count})
    end
    return bins
end

local function put(bin, monitor)
    local load = _M.weight(monitor)
    local count = monitor.active and 1 or 0
    table.insert(bin.share.ids, monitor.id)
    local ____bin_share_1, ____load_2 = bin.share, "load"
    ____bin_share_1[____load_2] = ____bin_share_1[____load_2] + load
    local ____bin_share_3, ____count_4 = bin.share, "count"
    ____bin_share_3[____count_4] = ____bin_share_3[____count_4] + count
    bin.load = bin.load + load
    bin.count = bin.count + count
end

--- The bin for the next monitor: the lightest with room, or when none has, the lightest at all.
local function next_bin(free, full, limit)
    local bin = pop(free)
    while bin ~= nil and bin.count >= limit do
        push(full, bin)
        bin = pop(free)
    end
    return bin or pop(full)
end

--- Spreads monitors over the targets, each to the one with the least load at that moment that runs fewer than `limit`
-- active ones; what the targets already run stays. Beyond the capacity of all, the least loaded takes it all the same.
-- Ties go by the targets' order.
function _M.spread(monitors, targets, limit)
    local bins = bins_of(targets)
    local free = new_heap(is_lighter)
    local full = new_heap(is_lighter)
    for ____, bin in ipairs(bins) do
        push(free, bin)
    end
    local over_capacity = 0
    for ____, monitor in ipairs(by_weight(monitors)) do
        local bin = next_bin(free, full, limit)
        if bin ~= nil then
            local is_full = bin.count >= limit
            over_capacity = over_capacity + (is_full and monitor.active and 1 or 0)
            put(bin, monitor)
            push(is_full and full or free, bin)
        end
    end
    local shares = {}
    for ____, bin in ipairs(bins) do
        if #bin.share.ids > 0 then
            table.sort(bin.share.ids)
            table.insert(shares, bin.share)
        end
    end
    return {shares = shares, over_capacity = over_capacity}
end
return _M
