-- Generated from src-ts/api/query.ts: edit that file, then run npm run build.
-- Parameters of a query.
local _M = {}
local ____respond = require("api.respond")
local failure = ____respond.failure

--- The refusal of a parameter.
function _M.invalid(name, allowed)
    return failure(400, "invalid_parameter", ((name .. " must be ") .. allowed) .. ".")
end

--- The text of a parameter: nil when it is not there, "" when it has no value or is given twice.
function _M.parameter(name)
    local value = ngx.req.get_uri_args()[name]
    local ____temp_0
    if value == nil or type(value) == "string" then
        ____temp_0 = value
    else
        ____temp_0 = ""
    end
    return ____temp_0
end

--- A whole number from `min` to `max` as a text of digits has it; nil for anything else.
function _M.whole_number(text, min, max)
    local digits = string.match(text, "^%d+$")
    local ____temp_1
    if digits == nil or #digits > 15 then
        ____temp_1 = nil
    else
        ____temp_1 = tonumber(digits)
    end
    local value = ____temp_1
    local ____temp_2
    if value == nil or value < min or value > max then
        ____temp_2 = nil
    else
        ____temp_2 = value
    end
    return ____temp_2
end
return _M
