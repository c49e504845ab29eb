-- Generated from src-ts/lib/text.ts: edit that file, then run npm run build.
-- Small questions about strings, and parts of them.
local _M = {}

--- The same path with everything percent-encoded that may not stand in one: what nginx has decoded may be anything.
function _M.escape_path(path)
    return (string.gsub(
        path,
        "[^%w/._~!$&'()*+,;=:@-]",
        function(byte) return string.format(
            "%%%02X",
            string.byte(byte)
        ) end
    ))
end

--- True when `part` occurs in `text`; no patterns.
function _M.contains(text, part)
    local at = string.find(text, part, 1, true)
    return at ~= nil
end

local function all(text, pattern)
    local found = {}
    for part in string.gmatch(text, pattern) do
        found[#found + 1] = part
    end
    return found
end

--- The lines that are not empty, without their ends.
function _M.lines(text)
    return all(text, "[^\r\n]+")
end

--- The words between white space.
function _M.words(text)
    return all(text, "%S+")
end

--- The parts of a list whose separators are commas and blanks.
function _M.items(text)
    return all(text, "[^%s,]+")
end

--- The text with a blank in place of each control character.
function _M.one_line(text)
    return (string.gsub(text, "%c", " "))
end
--- A character of UTF-8 that is not plain ASCII, or its beginning, at the end of a text.
local LAST_CHARACTER = ((((((("[" .. string.char(192)) .. "-") .. string.char(255)) .. "]?[") .. string.char(128)) .. "-") .. string.char(191)) .. "]*$"

--- The text, or its beginning with "..." when it has more than `longest` bytes; never half a character of UTF-8.
function _M.shorten(text, longest)
    if #text <= longest then
        return text
    end
    local whole = string.match(
        string.sub(text, 1, longest - 3),
        "^(.-)" .. LAST_CHARACTER
    )
    return tostring(whole) .. "..."
end

--- The bytes as hexadecimal digits.
function _M.hex(bytes)
    return (string.gsub(
        bytes,
        ".",
        function(byte) return string.format(
            "%02x",
            string.byte(byte)
        ) end
    ))
end
return _M
