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
return _M
