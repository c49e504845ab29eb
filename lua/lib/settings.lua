-- Generated from src-ts/lib/settings.ts: edit that file, then run npm run build.
-- Settings: turns the text of an environment variable into a value, or says in one line what is wrong with it.
local _M = {}
local ____address = require("lib.address")
local parse_address = ____address.parse_address
local ____fields = require("lib.fields")
local is_line = ____fields.is_line
local is_name = ____fields.is_name
local is_name_server = ____fields.is_name_server
local NAME = ____fields.NAME
local ____text = require("lib.text")
local items = ____text.items

local function parse_text(_setting, text)
    return text
end

local function parse_integer(setting, text)
    local value = (string.match(text, "^%s*([+-]?%d+)%s*$"))
    local ____temp_0
    if value == nil then
        ____temp_0 = nil
    else
        ____temp_0 = tonumber(value)
    end
    local number = ____temp_0
    local min = setting.min or 0
    local max = setting.max or 2147483647
    if number == nil or number < min or number > max then
        return nil, string.format("a whole number from %d to %d", min, max)
    end
    return number
end

local function parse_word(setting, text)
    local words = setting.words or ({})
    for ____, word in ipairs(words) do
        if word == text then
            return text
        end
    end
    return nil, "one of " .. table.concat(words, ", ")
end

local function parse_name(_setting, text)
    if not is_name(text) then
        return nil, NAME
    end
    return text
end

local function parse_line(_setting, text)
    if not is_line(100)(text) then
        return nil, "one line of up to 100 bytes"
    end
    return text
end

local function is_host_and_port(value)
    local host = parse_address(value, 1)
    return host ~= nil
end

local function parse_list(text, verify, allowed)
    for ____, item in ipairs(items(text)) do
        if not verify(item) then
            return nil, allowed
        end
    end
    return text
end

local function parse_hosts(_setting, text)
    if #items(text) == 0 then
        return nil, "at least one host"
    end
    return parse_list(text, is_host_and_port, "hosts, as in db1.example.com:3306")
end

local function parse_name_servers(_setting, text)
    return parse_list(text, is_name_server, "addresses of name servers, as in 192.0.2.53:53")
end
local PARSERS = {
    text = parse_text,
    integer = parse_integer,
    word = parse_word,
    name = parse_name,
    line = parse_line,
    hosts = parse_hosts,
    name_servers = parse_name_servers
}

--- Parses the text of a setting. Nil or empty text gives the default.
--
-- @returns the value, or nil and one line that names the variable, the value and what is allowed
function _M.parse(setting, text)
    if text == nil or text == "" then
        return setting.default
    end
    local value, allowed = PARSERS[setting.kind](setting, text)
    if value == nil then
        return nil, string.format("%s=\"%s\": must be %s", setting.name, text, allowed)
    end
    return value
end
return _M
