-- Generated from src-ts/routing/push.ts: edit that file, then run npm run build.
-- A push heartbeat goes to the node that runs the monitor, so that one process alone writes its statistics. The owner
-- of a token is remembered for a few seconds; without the database any node may take the push.
local _M = {}
local shared_dict = require("lib.shared_dict")
local states = require("lib.states")
local logger = require("logger")
local monitors = require("store.monitors")
local outage = require("routing.outage")
--- Seconds for which the owner of a token is remembered; "" stands for a token without an owner.
local REMEMBER_SECONDS = 5
local dict = shared_dict.open("monitor_routing")

local function owner_of(token, store_version)
    local key = (("push:" .. tostring(store_version)) .. ":") .. token
    local known = shared_dict.get_text(dict, key)
    if known ~= nil then
        return known
    end
    if outage.cause() ~= nil then
        return ""
    end
    local owner, err = monitors.owner_of_push_token(token)
    if err ~= nil then
        logger.debug("ROUTER", "cannot find the owner of a push token: %s", err)
        return ""
    end
    shared_dict.set(dict, key, owner or "", REMEMBER_SECONDS)
    return owner or ""
end

--- The node that runs the push monitor of this request, while it is online.
function _M.push_peer(snapshot, uri)
    if string.sub(uri, 1, 10) ~= "/api/push/" then
        return nil
    end
    local token = string.match(uri, "^/api/push/([%w_-]+)$")
    if token == nil or string.len(token) > 64 then
        return nil
    end
    local peer = snapshot.peers[owner_of(token, snapshot.store_version)]
    return peer ~= nil and peer.status == states.ONLINE and peer or nil
end
return _M
