-- Generated from src-ts/placement/apply.ts: edit that file, then run npm run build.
-- Carries out a plan through the fenced writes of store/assignments.
local _M = {}
local assignments = require("store.assignments")

local function carry_out(shares, write)
    local outcome = {moved = 0, targets = {}}
    for ____, share in ipairs(shares) do
        local moved, err = write(share)
        if moved == nil then
            return nil, err
        end
        outcome.moved = outcome.moved + moved
        outcome.targets[share.node_id] = moved
    end
    return outcome
end

--- Moves monitors away from `from`. What an error interrupts goes on in the next round: the plan is made anew.
function _M.move(shares, from, operation, lease)
    return carry_out(
        shares,
        function(share) return assignments.move(
            share.ids,
            from,
            share.node_id,
            operation,
            lease
        ) end
    )
end

--- Gives homes to monitors that have none.
function _M.adopt(shares, operation, lease)
    return carry_out(
        shares,
        function(share) return assignments.adopt(share.ids, share.node_id, operation, lease) end
    )
end

--- The moves by where they come from and go to, in the order of the first of each kind.
local function groups(moves)
    local found = {}
    local by_way = {}
    for ____, ____value in ipairs(moves) do
        local id = ____value.id
        local from = ____value.from
        local to = ____value.to
        local way = (from .. "\0") .. to
        local share = by_way[way]
        if share == nil then
            share = {node_id = to, ids = {}, load = 0, count = 0}
            by_way[way] = share
            table.insert(found, {from = from, share = share})
        end
        table.insert(share.ids, id)
    end
    return found
end

--- Gives other homes to monitors that are at home.
function _M.rehome(moves, operation, lease)
    local outcome = {moved = 0, targets = {}}
    for ____, ____value in ipairs(groups(moves)) do
        local from = ____value.from
        local share = ____value.share
        local moved, err = assignments.rehome(
            share.ids,
            from,
            share.node_id,
            operation,
            lease
        )
        if moved == nil then
            return nil, err
        end
        outcome.moved = outcome.moved + moved
        outcome.targets[share.node_id] = (outcome.targets[share.node_id] or 0) + moved
    end
    return outcome
end
return _M
