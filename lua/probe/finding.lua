-- Generated from src-ts/probe/finding.ts: edit that file, then run npm run build.
-- What a check came to, and the words for it. Pure.
local _M = {}
--- Bytes of a message.
local LONGEST = 200
--- A character of UTF-8 that is not plain ASCII, or its beginning, at the end of a text.
local LAST_CHARACTER = ((((((("[" .. string.char(192)) .. "-") .. string.char(255)) .. "]?[") .. string.char(128)) .. "-") .. string.char(191)) .. "]*$"

--- The text, or its beginning when it is too long; never half a character of UTF-8.
function _M.shorten(text)
    if #text <= LONGEST then
        return text
    end
    local whole = string.match(
        string.sub(text, 1, LONGEST - 3),
        "^(.-)" .. LAST_CHARACTER
    )
    return tostring(whole) .. "..."
end

--- What a stranger sent, so that it can stand in a message: all but printable ASCII becomes "?".
function _M.printable(text)
    return (string.gsub(text, "[^ -~]", "?"))
end

--- Why a network operation failed, for an operator: "timeout" says after how long.
function _M.explain(cause, timeout_ms)
    local is_timeout = cause == "timeout" or cause == "TLS: timeout"
    return is_timeout and ("timeout after " .. string.format("%d", timeout_ms)) .. " ms" or cause
end

function _M.down(message)
    return {status = "down", message = message}
end

--- `seconds`: from the beginning of the check to its end.
function _M.up(message, seconds)
    return {
        status = "up",
        ping_ms = math.max(
            1,
            math.floor(seconds * 1000 + 0.5)
        ),
        message = message
    }
end
return _M
