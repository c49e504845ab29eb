-- Generated from src-ts/regions/incoming.ts: edit that file, then run npm run build.
-- The results that a probe sends, looked at one by one: pure functions.
local _M = {}
local ____fields = require("lib.fields")
local is_list = ____fields.is_list
local is_one_of = ____fields.is_one_of
local is_text = ____fields.is_text
local is_whole = ____fields.is_whole
local read_fields = ____fields.read_fields
local ____text = require("lib.text")
local one_line = ____text.one_line
local shorten = ____text.shorten
_M.RESULTS_MAX = 500
local LARGEST_SEQ = 9007199254740991
local LARGEST_ID = 9007199254740991
--- A day: what a probe kept for longer is of no use.
local OLDEST_MS = 86400000
local LONGEST_MESSAGE = 300
local RULES = {
    {
        name = "seq",
        verify = is_whole(1, LARGEST_SEQ),
        allowed = "a whole number from 1",
        required = true
    },
    {
        name = "check_id",
        verify = is_whole(1, LARGEST_ID),
        allowed = "the id of a check",
        required = true
    },
    {
        name = "status",
        verify = is_one_of({up = true, down = true, abstain = true}),
        allowed = "up, down or abstain",
        required = true
    },
    {
        name = "age_ms",
        verify = is_whole(0, OLDEST_MS * 365),
        allowed = "a whole number from 0: nothing is checked in the future",
        required = true
    },
    {
        name = "ping_ms",
        verify = function(value) return type(value) == "number" and value >= 0 and value < 1000000000 end,
        allowed = "a number"
    },
    {
        name = "message",
        verify = is_text(10000),
        allowed = "a text of up to 10000 bytes",
        required = true
    },
    {
        name = "revision",
        verify = is_text(64),
        allowed = "that of the assignment"
    }
}

local function to_stored(result)
    local ____result_check_id_1 = result.check_id
    local ____result_status_2 = result.status
    local ____result_age_ms_3 = result.age_ms
    local ____temp_0
    if result.ping_ms == nil then
        ____temp_0 = nil
    else
        ____temp_0 = math.floor(result.ping_ms + 0.5)
    end
    return {
        check_id = ____result_check_id_1,
        status = ____result_status_2,
        age_ms = ____result_age_ms_3,
        ping_ms = ____temp_0,
        message = shorten(
            one_line(result.message),
            LONGEST_MESSAGE
        )
    }
end

--- One result that was sent, or nil and what is wrong with it.
local function read_result(item)
    if type(item) ~= "table" or item == ngx.null then
        return nil, "each result must be an object"
    end
    local fields, err = read_fields(item, RULES, "results: ")
    if fields == nil then
        return nil, err
    end
    return fields
end

--- Puts a result where it belongs; false when it is about nothing that is checked now.
local function place(result, subjects, ____bindingPattern0)
    local of_nodes
    local results
    results = ____bindingPattern0.results
    of_nodes = ____bindingPattern0.of_nodes
    local subject = subjects[result.check_id]
    if subject == nil or (result.revision or subject.revision) ~= subject.revision then
        return false
    end
    local stored = to_stored(result)
    if subject.node_id == nil then
        table.insert(results, stored)
    else
        local status = stored.status
        local age_ms = stored.age_ms
        local message = stored.message
        table.insert(of_nodes, {node_id = subject.node_id, status = status, age_ms = age_ms, message = message})
    end
    return true
end

--- Those that are new, of a check as it is now, and not too old; or nil and what is wrong with the list, as a sentence.
function _M.sort_results(given, seen_seq, subjects)
    if not is_list(given) or #given > _M.RESULTS_MAX then
        return nil, "results must be a list of at most " .. tostring(_M.RESULTS_MAX)
    end
    local sorted = {results = {}, of_nodes = {}, last_seq = seen_seq, ignored = 0}
    for ____, item in ipairs(given) do
        local result, err = read_result(item)
        if result == nil then
            return nil, err
        end
        local is_new = result.seq > sorted.last_seq and result.age_ms <= OLDEST_MS
        sorted.ignored = sorted.ignored + (is_new and place(result, subjects, sorted) and 0 or 1)
        sorted.last_seq = math.max(sorted.last_seq, result.seq)
    end
    return sorted
end
return _M
