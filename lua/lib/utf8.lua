-- Generated from src-ts/lib/utf8.ts: edit that file, then run npm run build.
-- Whether bytes are text: what clients send may be anything, what is answered is UTF-8.
local _M = {}
--- Runs of well-formed characters (RFC 3629), taken whole so that nothing is tried twice; or one byte that is in none.
local CHARACTERS = ("((?:[\\x00-\\x7f]|[\\xc2-\\xdf][\\x80-\\xbf]|\\xe0[\\xa0-\\xbf][\\x80-\\xbf]|[\\xe1-\\xec\\xee\\xef][\\x80-\\xbf]{2}" .. "|\\xed[\\x80-\\x9f][\\x80-\\xbf]|\\xf0[\\x90-\\xbf][\\x80-\\xbf]{2}|[\\xf1-\\xf3][\\x80-\\xbf]{3}") .. "|\\xf4[\\x80-\\x8f][\\x80-\\xbf]{2})++)|."
local REPLACEMENT = "�"

--- The same text with U+FFFD in place of each byte that is no UTF-8.
function _M.to_utf8(text)
    local odd = string.find(text, "[^%z-]")
    if odd == nil then
        return text
    end
    local clean = ngx.re.gsub(
        text,
        CHARACTERS,
        function(captures)
            local run = captures[1]
            return type(run) == "string" and run or REPLACEMENT
        end,
        "jos"
    )
    return clean or ""
end

--- True for a text that is UTF-8.
function _M.is_utf8(text)
    return _M.to_utf8(text) == text
end
return _M
