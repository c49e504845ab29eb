-- Generated from src-ts/failover/explanation.ts: edit that file, then run npm run build.
-- Why a monitor is where it is: pure functions from what the tables say to a sentence.
local _M = {}
local ____time_text = require("lib.time_text")
local iso_from_sql = ____time_text.iso_from_sql

local function told(move)
    local way = move.from_node == nil and "" or ("from " .. move.from_node) .. " "
    local operation = (move.type .. " ") .. string.format("%d", move.operation)
    local epoch = string.format("%d", move.epoch)
    local gap = move.gap_ms == nil and "" or string.format(", %.1f s between two beats", move.gap_ms / 1000)
    local at = iso_from_sql(move.moved_at)
    return (((((((((((("it was moved " .. way) .. "to ") .. move.to_node) .. " by ") .. operation) .. " at ") .. tostring(at)) .. " because ") .. move.reason) .. " (epoch ") .. epoch) .. gap) .. ")"
end

local function waiting(found, status)
    local owner = found.owner_node
    if owner == nil then
        return "No node runs it: it waits for a node to get a home on."
    end
    local fault = status == nil and "is not registered" or "is offline"
    if status ~= nil and status ~= "offline" then
        return nil
    end
    return found.pinned and ((("It is pinned to " .. owner) .. ", which ") .. fault) .. ": it waits for that node." or ((("It is assigned to " .. owner) .. ", which ") .. fault) .. ": it waits for another node."
end

local function running(found, move)
    local owner = found.owner_node or ""
    local is_home = found.assigned_node == nil or found.assigned_node == found.node_id
    if found.pinned then
        return {rule = "pinned", sentence = owner .. " runs it: it is pinned there and does not move."}
    end
    if move == nil then
        return is_home and ({rule = "home", sentence = owner .. " runs it: that is its home."}) or ({
            rule = "by_hand",
            sentence = ((owner .. " runs it: somebody has assigned it by hand; its home is ") .. tostring(found.node_id)) .. "."
        })
    end
    return is_home and ({
        rule = "home",
        sentence = ((owner .. " runs it: that is its home; ") .. told(move)) .. ".",
        move = move
    }) or ({
        rule = "moved",
        sentence = ((((owner .. " runs it: ") .. told(move)) .. "; its home is ") .. tostring(found.node_id)) .. ".",
        move = move
    })
end

--- `status` is that of the node it is assigned to, nil when that is not registered; `latest` its last move.
function _M.explain(found, status, latest)
    local pause = found.active and "" or " It is paused."
    local wait = waiting(found, status)
    if wait ~= nil then
        return {rule = "waiting", sentence = wait .. pause}
    end
    local ____running_4 = running
    local ____found_3 = found
    local ____temp_2
    if (latest and latest.to_node) == found.owner_node then
        ____temp_2 = latest
    else
        ____temp_2 = nil
    end
    local explanation = ____running_4(____found_3, ____temp_2)
    local rule = explanation.rule
    local sentence = explanation.sentence
    local move = explanation.move
    return move == nil and ({rule = rule, sentence = sentence .. pause}) or ({rule = rule, sentence = sentence .. pause, move = move})
end
return _M
