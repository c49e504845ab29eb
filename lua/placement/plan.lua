-- Generated from src-ts/placement/plan.ts: edit that file, then run npm run build.
-- Who gets which monitors: pure functions.
local _M = {}

local function lightest(bins)
    local best
    for ____, bin in ipairs(bins) do
        if best == nil or bin.load < best.load then
            best = bin
        end
    end
    return best
end

--- Spreads monitors over the targets, each to the one with the fewest active monitors at that moment; what the targets
-- already run stays. Paused monitors weigh next to nothing, so that they spread as well. Ties go by the targets' order.
function _M.spread(monitors, targets)
    local bins = {}
    for ____, target in ipairs(targets) do
        table.insert(bins, {share = {node_id = target.node_id, ids = {}}, load = target.load})
    end
    for ____, monitor in ipairs(monitors) do
        local bin = lightest(bins)
        if bin ~= nil then
            table.insert(bin.share.ids, monitor.id)
            bin.load = bin.load + (monitor.active and 1 or 0.001)
        end
    end
    local shares = {}
    for ____, bin in ipairs(bins) do
        if #bin.share.ids > 0 then
            table.insert(shares, bin.share)
        end
    end
    return shares
end
return _M
