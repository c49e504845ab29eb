-- Generated from src-ts/placement/imbalance.ts: edit that file, then run npm run build.
-- Whether nodes are far apart: pure.
local _M = {}

--- A sentence when the fullest node has at least `min_diff` active monitors more than the emptiest and at least `factor`
-- times as many; nil when it has not.
function _M.imbalance(nodes, min_diff, factor)
    local first = unpack(nodes, 1, 1)
    if first == nil then
        return nil
    end
    local fullest, emptiest = first, first
    for ____, node in ipairs(nodes) do
        fullest = node.count > fullest.count and node or fullest
        emptiest = node.count < emptiest.count and node or emptiest
    end
    local most, least = fullest.count, emptiest.count
    if most - least < min_diff or most < least * factor then
        return nil
    end
    return (((((fullest.node_id .. " runs ") .. tostring(most)) .. " monitors, ") .. emptiest.node_id) .. " ") .. tostring(least)
end
return _M
