-- Generated from src-ts/api/request.ts: edit that file, then run npm run build.
-- A request as the handlers get it: they are plain functions of this, and know nothing of nginx.
local _M = {}
local json = require("lib.json")
local ____text = require("lib.text")
local contains = ____text.contains
local ____utf8 = require("lib.utf8")
local is_utf8 = ____utf8.is_utf8
local ____respond = require("api.respond")
local failure = ____respond.failure
--- Bytes of the longest body that is read; nginx refuses longer ones with a 413 of its own.
local LONGEST_BODY = 1048576
local PARAMETERS_MAX = 20
local NOTHING = {}

--- The query of this request.
function _M.read_query()
    local query = {}
    for name, value in pairs(ngx.req.get_uri_args(PARAMETERS_MAX)) do
        query[name] = type(value) == "string" and value or ""
    end
    return query
end

local function is_json(content_type)
    return content_type == nil or contains(
        string.lower(content_type),
        "application/json"
    )
end

local function parse_body(text)
    local value, err = json.decode(text)
    if value == nil then
        return NOTHING, failure(400, "bad_json", ("The body is not JSON: " .. err) .. ".")
    end
    local first = string.match(text, "^%s*(.)")
    if first ~= "{" then
        return NOTHING, failure(400, "bad_json", "The body must be a JSON object.")
    end
    return value
end

--- The JSON object that this request brings, or the refusal of what it brings instead.
function _M.read_body()
    if not is_json(ngx.var.http_content_type) then
        return NOTHING, failure(415, "unsupported_media_type", "The body must be application/json.")
    end
    ngx.req.read_body()
    local text = ngx.req.get_body_data() or ""
    if #text > LONGEST_BODY then
        return NOTHING, failure(413, "body_too_large", "The body is longer than 1 MiB.")
    end
    if not is_utf8(text) then
        return NOTHING, failure(400, "bad_json", "The body is not UTF-8.")
    end
    return parse_body(text)
end

--- The refusal of a parameter, or of a field of the body.
function _M.invalid(name, allowed)
    return failure(400, "invalid_parameter", ((name .. " must be ") .. allowed) .. ".")
end

--- A whole number from `min` to `max` as a text of digits has it; nil for anything else.
function _M.whole_number(text, min, max)
    local digits = string.match(text, "^%d+$")
    local ____temp_0
    if digits == nil or #digits > 15 then
        ____temp_0 = nil
    else
        ____temp_0 = tonumber(digits)
    end
    local value = ____temp_0
    local ____temp_1
    if value == nil or value < min or value > max then
        ____temp_1 = nil
    else
        ____temp_1 = value
    end
    return ____temp_1
end
return _M
