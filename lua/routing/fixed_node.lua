-- Generated from src-ts/routing/fixed_node.ts: edit that file, then run npm run build.
-- The cookie that pins a browser to one node. Its value is only ever compared with known node ids.
local _M = {}
local states = require("lib.states")
local ____text = require("lib.text")
local contains = ____text.contains
_M.COOKIE = "KUMA_FIXED_NODE"
local VARIABLE = "cookie_" .. _M.COOKIE
local ATTRIBUTES = "Path=/; HttpOnly; SameSite=Lax"
--- The value that makes a browser forget the cookie.
_M.CLEARED = (_M.COOKIE .. "=; Max-Age=0; ") .. ATTRIBUTES

--- The value that pins a browser to a node for that many seconds.
function _M.cookie_for(node_id, seconds, is_https)
    local secure = is_https and "; Secure" or ""
    return ((((((_M.COOKIE .. "=") .. node_id) .. "; Max-Age=") .. string.format("%d", seconds)) .. "; ") .. ATTRIBUTES) .. secure
end

--- True for a node id that a cookie can hold as it is.
function _M.is_cookie_value(node_id)
    return (string.match(node_id, "^[%w_.-]+$")) ~= nil
end

--- nginx gives the first cookie of a name: whether there is another.
local function has_several(cookies)
    local ____, count = string.gsub(";" .. cookies, ("[; ]" .. _M.COOKIE) .. "=", "")
    return count > 1
end

--- What the cookie of this request says: nothing, the node that it names, or why it is not followed.
function _M.read(snapshot)
    local cookies = ngx.var.http_cookie
    if cookies == nil or not contains(cookies, _M.COOKIE) then
        return nil
    end
    local value = ngx.var[VARIABLE]
    if value == nil or value == "" then
        return nil
    end
    if has_several(cookies) then
        return nil, "several_cookies"
    end
    local peer = snapshot.peers[value]
    if peer == nil then
        return nil, "unknown_node"
    end
    if peer.status ~= states.ONLINE then
        return nil, "node_not_online"
    end
    return peer
end
return _M
