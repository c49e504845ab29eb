-- Generated from src-ts/store/check_row.ts: edit that file, then run npm run build.
-- A row of probe_check: what somebody else has written into it may be nothing that anybody can carry out.
local _M = {}
local ____check_target = require("lib.check_target")
local is_check_kind = ____check_target.is_check_kind
local read_target = ____check_target.read_target
local ____fields = require("lib.fields")
local is_list = ____fields.is_list
local json = require("lib.json")
local ____column = require("store.column")
local number = ____column.number
local text = ____column.text
local VERDICTS = {up = "up", down = "down", unknown = "unknown"}
local STRATEGIES = {["any-down"] = "any-down", ["majority-down"] = "majority-down", ["all-down"] = "all-down"}

local function decode_target(kind, value)
    if not is_check_kind(kind) then
        return nil, "there is no kind " .. kind
    end
    local target, err = json.decode(text(value) or "")
    if target == nil then
        return nil, err or "it has no target"
    end
    return read_target(kind, target)
end

--- A list of texts, false for NULL, nil for anything else.
local function decode_regions(value)
    local given = text(value)
    if given == nil then
        return false
    end
    local regions = json.decode(given)
    if not is_list(regions) then
        return nil
    end
    for ____, region in ipairs(regions) do
        if type(region) ~= "string" then
            return nil
        end
    end
    local ____temp_0
    if #regions == 0 then
        ____temp_0 = false
    else
        ____temp_0 = regions
    end
    return ____temp_0
end

--- The columns that come as they are.
local function plain_fields(row)
    return {
        id = number(row.id) or 0,
        name = text(row.name) or "",
        active = number(row.active) == 1,
        created = text(row.created_date) or "",
        modified = text(row.modified_date) or "",
        interval = number(row.seconds) or 60,
        timeout_ms = number(row.timeout_ms) or 10000,
        quorum = number(row.quorum),
        monitor_id = number(row.monitor_id),
        verdict_since = text(row.verdict_since),
        verdict_message = text(row.verdict_message) or ""
    }
end

--- Nil and the cause for a row that nobody can carry out.
function _M.to_check(row)
    local kind = text(row.kind) or ""
    local target, err = decode_target(kind, row.target)
    if target == nil then
        return nil, err
    end
    local regions = decode_regions(row.regions)
    if regions == nil then
        return nil, "regions must be a list of names"
    end
    local check = plain_fields(row)
    check.kind = kind
    check.target = target
    local ____temp_1
    if regions == false then
        ____temp_1 = nil
    else
        ____temp_1 = regions
    end
    check.regions = ____temp_1
    check.strategy = STRATEGIES[text(row.strategy) or ""]
    check.verdict = VERDICTS[text(row.verdict) or ""] or "unknown"
    return check
end
return _M
