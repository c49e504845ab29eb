-- Generated from src-ts/regions/check_input.ts: edit that file, then run npm run build.
-- What somebody sends as a check, looked at field by field: pure functions.
local _M = {}
local ____check_target = require("lib.check_target")
local is_check_kind = ____check_target.is_check_kind
local read_target = ____check_target.read_target
local ____fields = require("lib.fields")
local is_flag = ____fields.is_flag
local is_given = ____fields.is_given
local is_line = ____fields.is_line
local is_list = ____fields.is_list
local is_name = ____fields.is_name
local is_one_of = ____fields.is_one_of
local is_whole = ____fields.is_whole
local NAME = ____fields.NAME
local read_fields = ____fields.read_fields
local DEFAULTS = {interval = 60, timeout_ms = 10000}
local REGIONS_MAX = 50
local STRATEGIES = {["any-down"] = true, ["majority-down"] = true, ["all-down"] = true}

local function read_regions(given)
    if not is_given(given) then
        return false
    end
    if not is_list(given) or #given > REGIONS_MAX then
        return nil, ("regions must be a list of at most " .. tostring(REGIONS_MAX)) .. " names"
    end
    local regions = {}
    for ____, region in ipairs(given) do
        if not is_name(region) then
            return nil, ("regions must be a list of names: " .. NAME) .. " each"
        end
        table.insert(regions, region)
    end
    local ____temp_0
    if #regions == 0 then
        ____temp_0 = false
    else
        ____temp_0 = regions
    end
    return ____temp_0
end
local PLAIN = {
    {
        name = "name",
        verify = is_line(150, 1),
        allowed = "a text of 1 to 150 bytes",
        required = true
    },
    {name = "kind", verify = is_check_kind, allowed = "http, tcp or dns", required = true},
    {
        name = "interval",
        verify = is_whole(5, 86400),
        allowed = "a whole number of seconds from 5 to 86400"
    },
    {
        name = "timeout_ms",
        verify = is_whole(100, 60000),
        allowed = "a whole number from 100 to 60000"
    },
    {
        name = "strategy",
        verify = is_one_of(STRATEGIES),
        allowed = "any-down, majority-down or all-down"
    },
    {
        name = "quorum",
        verify = is_whole(1, 1000),
        allowed = "a whole number from 1 to 1000"
    },
    {name = "active", verify = is_flag, allowed = "true or false"}
}

--- A check of what was given, what is missing by default; or nil and what is wrong with it, as a sentence.
function _M.read_check(given)
    local values, err = read_fields(given, PLAIN)
    if values == nil then
        return nil, err
    end
    local kind = values.kind
    local target, target_err = read_target(kind, given.target)
    if target == nil then
        return nil, target_err
    end
    local regions, regions_err = read_regions(given.regions)
    if regions == nil then
        return nil, regions_err
    end
    local interval = values.interval or DEFAULTS.interval
    local timeout_ms = values.timeout_ms or math.min(DEFAULTS.timeout_ms, interval * 800)
    if timeout_ms > interval * 1000 then
        return nil, "timeout_ms must not be longer than the interval"
    end
    local ____values_name_2 = values.name
    local ____kind_3 = kind
    local ____target_4 = target
    local ____interval_5 = interval
    local ____timeout_ms_6 = timeout_ms
    local ____temp_1
    if regions == false then
        ____temp_1 = nil
    else
        ____temp_1 = regions
    end
    return {
        name = ____values_name_2,
        kind = ____kind_3,
        target = ____target_4,
        interval = ____interval_5,
        timeout_ms = ____timeout_ms_6,
        regions = ____temp_1,
        strategy = values.strategy,
        quorum = values.quorum,
        active = values.active ~= false
    }
end
return _M
