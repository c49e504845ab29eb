-- Generated from src-ts/failover/records.ts: edit that file, then run npm run build.
-- What the health check knows of each node, shared by the workers and kept across a reload.
local _M = {}
local clock = require("lib.clock")
local json = require("lib.json")
local shared_dict = require("lib.shared_dict")
local dict = shared_dict.open("health_checker")
--- What this worker has read, by node id: most records stay as they are from one round to the next.
local known = {}

local function decode(node_id, text)
    local before = known[node_id]
    if before ~= nil and before.text == text then
        return before.record
    end
    local record = json.decode(text)
    local ____node_id_1 = node_id
    local ____temp_0
    if record == nil then
        ____temp_0 = nil
    else
        ____temp_0 = {text = text, record = record}
    end
    known[____node_id_1] = ____temp_0
    return record
end

--- The record of a node; an empty one, due at once, for a node never checked. Who changes it puts it back: others may get
-- the same table until then.
function _M.get(node_id)
    local text = shared_dict.get_text(dict, "record:" .. node_id)
    local ____temp_2
    if text == nil then
        ____temp_2 = nil
    else
        ____temp_2 = decode(node_id, text)
    end
    local record = ____temp_2
    if record ~= nil then
        return record
    end
    known[node_id] = nil
    return {
        node_id = node_id,
        successes = 0,
        failures = 0,
        last_check = 0,
        last_success = 0,
        last_failure = 0,
        next_check = 0,
        checks = 0,
        failed_checks = 0
    }
end

--- The record without what was counted in a row.
function _M.without_counts(record)
    local copy = {}
    for key, value in pairs(record) do
        copy[key] = value
    end
    copy.successes = 0
    copy.failures = 0
    return copy
end

--- Keeps the record.
function _M.put(record)
    shared_dict.set(
        dict,
        "record:" .. record.node_id,
        json.encode(record)
    )
end

--- Counters of the health check, by name.
function _M.count(name, by)
    if by == nil then
        by = 1
    end
    shared_dict.increment(dict, "count:" .. name, by)
end

--- Value of a counter.
function _M.counter(name)
    return shared_dict.get_number(dict, "count:" .. name) or 0
end

--- True once in `seconds` among all workers.
function _M.due(name, seconds)
    return shared_dict.take(dict, "due:" .. name, true, seconds)
end
--- Seconds for which a reason to hold a node is known: longer than a check that is given up lasts.
local HOLD_TTL = 4

--- Notes why a node keeps its status in spite of its checks; to be said again as long as it is so.
function _M.hold(node_id, sentence)
    shared_dict.set(dict, "held:" .. node_id, sentence, HOLD_TTL)
end

--- Forgets that a node was held: its status has changed.
function _M.let_go(node_id)
    dict.raw:delete("held:" .. node_id)
end

--- Why a node keeps its status in spite of its checks, as a sentence; nil when it does not.
function _M.why_held(node_id)
    return shared_dict.get_text(dict, "held:" .. node_id)
end

--- Keeps what the last round came to, as a sentence.
function _M.note_round(sentence, took_ms)
    local changed = shared_dict.get_text(dict, "round:sentence") ~= sentence
    shared_dict.set(dict, "round:sentence", sentence)
    shared_dict.set(
        dict,
        "round:at",
        clock.now()
    )
    shared_dict.set(dict, "round:took_ms", took_ms)
    return changed
end

--- The last round: its sentence, when it ended (Unix time) and how long it took.
function _M.last_round()
    return {
        sentence = shared_dict.get_text(dict, "round:sentence") or "no round yet",
        at = shared_dict.get_number(dict, "round:at") or 0,
        took_ms = shared_dict.get_number(dict, "round:took_ms") or 0
    }
end
return _M
