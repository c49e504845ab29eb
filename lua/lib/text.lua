-- Generated from src-ts/lib/text.ts: edit that file, then run npm run build.
-- Small questions about strings.
local _M = {}

--- True when `part` occurs in `text`; no patterns.
function _M.contains(text, part)
    local at = string.find(text, part, 1, true)
    return at ~= nil
end
return _M
