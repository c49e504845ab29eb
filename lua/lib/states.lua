-- Generated from src-ts/lib/states.ts: edit that file, then run npm run build.
-- The states of a node, in one place. `suspect` exists in memory only: it is never written to the database.
local _M = {}
_M.ONLINE = "online"
_M.RECOVERING = "recovering"
_M.OFFLINE = "offline"
_M.DRAINING = "draining"
local KNOWN = {online = _M.ONLINE, recovering = _M.RECOVERING, offline = _M.OFFLINE, draining = _M.DRAINING}

--- The status a text of the database stands for; an unknown text counts as offline, so that nothing is sent there.
function _M.parse_status(text)
    return KNOWN[text or ""] or _M.OFFLINE
end
return _M
