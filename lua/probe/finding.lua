-- Generated from src-ts/probe/finding.ts: edit that file, then run npm run build.
-- What a check came to, and the words for it. Pure.
local _M = {}

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
