-- Generated from src-ts/lib/settings.ts: edit that file, then run npm run build.
-- Settings: turns the text of an environment variable into a value, or says in one line what is wrong with it.
local _M = {}

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
local PARSERS = {text = parse_text, integer = parse_integer, word = parse_word}

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
