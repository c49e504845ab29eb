-- Generated from src-ts/failover/watch_records.ts: edit that file, then run npm run build.
-- What the standing connections tell of the nodes, shared by the workers: who goes on after another one knows what was
-- known, and says what was lost only once.
local _M = {}
local clock = require("lib.clock")
local json = require("lib.json")
local shared_dict = require("lib.shared_dict")
local logger = require("logger")
local suspects = require("store.suspects")
local records = require("failover.records")
local dict = shared_dict.open("health_checker")

local function entry_of(node_id)
    local text = shared_dict.get_text(dict, "watch:" .. node_id)
    local entry = json.decode(text or "")
    return entry or ({state = "unknown", since = 0})
end

--- Notes the state; returns the one before.
local function change(node_id, state, reason)
    local before = entry_of(node_id)
    if before.state == state and before.reason == reason then
        return state
    end
    local since = before.state == state and before.since or clock.now()
    local entry = reason == nil and ({state = state, since = since}) or ({state = state, since = since, reason = reason})
    shared_dict.set(
        dict,
        "watch:" .. node_id,
        json.encode(entry)
    )
    return before.state
end

--- What is known of the connection to a node.
function _M.get(node_id)
    local entry = entry_of(node_id)
    local watch = {state = entry.state, since = entry.since}
    if entry.reason ~= nil then
        watch.reason = entry.reason
    end
    local ticked = shared_dict.get_number(dict, "tick:" .. node_id)
    if ticked ~= nil then
        watch.last_tick_age = math.max(
            0,
            math.floor((clock.now() - ticked) * 1000) / 1000
        )
    end
    return watch
end

--- A tick came, good or not.
function _M.note_tick(node_id)
    shared_dict.set(
        dict,
        "tick:" .. node_id,
        clock.now()
    )
end

--- The node says that it is well.
function _M.note_well(node_id)
    if change(node_id, "watching") ~= "watching" then
        logger.debug("WATCH", "%s is watched", node_id)
    end
end

--- The node is gone, silent, or says that it is not well. Whoever was well until then is checked at once, and passed over
-- by requests until that check is good; a node that was not is not reported again.
function _M.note_loss(node_id, reason)
    if change(node_id, "lost", reason) == "watching" then
        records.count("watch_losses")
        suspects.report(node_id)
        logger.health_check("%s is checked now, the connection to it says: %s", node_id, reason)
    end
end

--- The node has nothing to be watched by, which is no fault of its health.
function _M.note_unsupported(node_id, reason)
    if change(node_id, "unsupported", reason) ~= "unsupported" then
        logger.info("WATCH", "%s cannot be watched, it is checked periodically alone: %s", node_id, reason)
    end
end

--- The node is none of the cluster any more.
function _M.forget(node_id)
    dict.raw:delete("watch:" .. node_id)
    dict.raw:delete("tick:" .. node_id)
end
return _M
