-- Generated from src-ts/routing/fixed_node.ts: edit that file, then run npm run build.
-- The cookie that pins a browser to one node. Its value is only ever compared with known node ids.
local _M = {}
local states = require("lib.states")
_M.COOKIE = "KUMA_FIXED_NODE"
local VARIABLE = "cookie_" .. _M.COOKIE
--- The value that makes a browser forget the cookie.
_M.CLEARED = _M.COOKIE .. "=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"

--- The pinned node of this request.
--
-- @returns the peer when it is known and online; and whether a cookie is there that names no such node
function _M.pinned(snapshot)
    if ngx.var.http_cookie == nil then
        return nil, false
    end
    local value = ngx.var[VARIABLE]
    if value == nil or value == "" then
        return nil, false
    end
    local peer = snapshot.peers[value]
    if peer == nil or peer.status ~= states.ONLINE then
        return nil, true
    end
    return peer, false
end
return _M
