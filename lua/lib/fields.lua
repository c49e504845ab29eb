-- Generated from src-ts/lib/fields.ts: edit that file, then run npm run build.
-- Fields of a JSON object that somebody sends, each looked at by a rule: pure functions.
local _M = {}
local ____address = require("lib.address")
local ip_literal = ____address.ip_literal
local parse_address = ____address.parse_address

function _M.is_text(longest, shortest)
    if shortest == nil then
        shortest = 0
    end
    return function(value) return type(value) == "string" and #value >= shortest and #value <= longest and (string.match(value, "%z")) == nil end
end

function _M.is_whole(min, max)
    return function(value) return type(value) == "number" and value >= min and value <= max and math.floor(value) == value end
end

function _M.is_line(longest, shortest)
    if shortest == nil then
        shortest = 0
    end
    local is_long_enough = _M.is_text(longest, shortest)
    return function(value) return is_long_enough(value) and (string.match(value, "%c")) == nil end
end
--- A name as machines take it, of a probe or a region.
_M.is_name = function(value) return type(value) == "string" and #value <= 64 and (string.match(value, "^[%w_.-]+$")) ~= nil end
--- What `is_name` takes, in words.
_M.NAME = "1 to 64 letters, digits, _ . or -"
--- `ip`, `ip:port` or `[ipv6]:port`: the name of a name server could not be looked up.
_M.is_name_server = function(value)
    local host = parse_address(
        type(value) == "string" and value or "",
        1
    )
    return host ~= nil and ip_literal(host) ~= nil
end

function _M.is_one_of(words)
    return function(value) return type(value) == "string" and words[value] == true end
end
_M.is_flag = function(value) return type(value) == "boolean" end
--- A list, or what looks like an empty one once it is decoded: `{}`.
_M.is_list = function(value)
    if type(value) ~= "table" or value == ngx.null then
        return false
    end
    local first_key = next(value)
    return first_key == nil or #value > 0
end
local HEADERS_MAX = 50
--- Texts by header name.
_M.is_header_map = function(value)
    if type(value) ~= "table" or value == ngx.null then
        return false
    end
    local count = 0
    for name, text in pairs(value) do
        count = count + 1
        local is_named = type(name) == "string" and (string.match(name, "^[%w!#$%%&'*+.^_`|~-]+$")) ~= nil
        if not is_named or not _M.is_line(4000)(text) or count > HEADERS_MAX then
            return false
        end
    end
    return true
end

--- False for what is missing or null.
function _M.is_given(value)
    return value ~= nil and value ~= ngx.null
end

--- The fields that rules name, those that are missing left out; or nil and what is wrong with one, as a sentence.
function _M.read_fields(given, rules, prefix)
    if prefix == nil then
        prefix = ""
    end
    local fields = {}
    for ____, ____value in ipairs(rules) do
        local name = ____value.name
        local verify = ____value.verify
        local allowed = ____value.allowed
        local required = ____value.required
        local value = given[name]
        local ____is_given_result_0
        if _M.is_given(value) then
            ____is_given_result_0 = not verify(value)
        else
            ____is_given_result_0 = required == true
        end
        if ____is_given_result_0 then
            return nil, ((prefix .. name) .. " must be ") .. allowed
        end
        local ____name_2 = name
        local ____is_given_result_1
        if _M.is_given(value) then
            ____is_given_result_1 = value
        else
            ____is_given_result_1 = nil
        end
        fields[____name_2] = ____is_given_result_1
    end
    return fields
end
return _M
