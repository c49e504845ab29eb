-- Generated from src-ts/routing/affinity.ts: edit that file, then run npm run build.
-- A socket.io session lives in one process. The agent begins every session id with "<node id>.", so the route of a
-- session needs no memory here and no cookie on the client; the cookie kuma_node helps for ids without the prefix.
local _M = {}
local states = require("lib.states")

--- The node that holds the session of this request, while it is online.
function _M.session_peer(snapshot, uri)
    if string.sub(uri, 1, 11) ~= "/socket.io/" then
        return nil
    end
    local sid = ngx.var.arg_sid
    if sid == nil or sid == "" then
        return nil
    end
    local prefix = string.match(sid, "^(.+)%.[^.]*$")
    local node_id = prefix or ngx.var.cookie_kuma_node
    local ____temp_0
    if node_id == nil then
        ____temp_0 = nil
    else
        ____temp_0 = snapshot.peers[node_id]
    end
    local peer = ____temp_0
    return peer ~= nil and peer.status == states.ONLINE and peer or nil
end
return _M
