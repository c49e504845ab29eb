-- Generated from src-ts/failover/damping.ts: edit that file, then run npm run build.
-- Flap damping: a node that falls again and again gets its monitors back later each time. Falls are counted from the
-- log of events, so that the next leader goes on counting, and calm makes them grow old.
local _M = {}
local states = require("lib.states")
local logger = require("logger")
local events = require("store.events")
local ____records = require("failover.records")
local count = ____records.count
local hold = ____records.hold
local ____verdict = require("failover.verdict")
local hold_seconds = ____verdict.hold_seconds
--- Seconds after which a fall is forgotten.
local WINDOW = 600

local function hold_left(transition)
    local ____transition_0 = transition
    local node = ____transition_0.node
    local falls, err = events.count_recent("node.offline", node.node_id, WINDOW)
    if falls == nil then
        return nil, err
    end
    local left = hold_seconds(falls) - (node.status_age or 0)
    if left > 0 then
        local sentence = ((((("held back for " .. tostring(math.ceil(left))) .. " s more: it fell ") .. tostring(falls)) .. " times within ") .. tostring(WINDOW / 60)) .. " minutes"
        hold(node.node_id, sentence)
    end
    return left
end

--- The transitions without those to `online` of nodes that have to wait.
function _M.without_held(transitions)
    local kept = {}
    for ____, transition in ipairs(transitions) do
        local left = 0
        if transition.to == states.ONLINE and transition.node.status == states.RECOVERING then
            local seconds, err = hold_left(transition)
            if err ~= nil then
                logger.warn("HEALTH_CHECK", "%s", err)
            end
            left = seconds or 0
        end
        if left <= 0 then
            table.insert(kept, transition)
        end
    end
    return kept
end

--- Counts a fall, and a flap when the node fell a while ago already. Before the event of the fall is written.
function _M.note_fall(node_id)
    count("falls")
    local falls = events.count_recent("node.offline", node_id, WINDOW)
    if falls ~= nil and falls > 0 then
        count("flaps")
    end
end
return _M
