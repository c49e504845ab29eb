-- Generated from src-ts/failover/reconcile.ts: edit that file, then run npm run build.
-- Tells nodes that they have got monitors, so that they need not wait for their next look at the database. Nothing
-- depends on it: a node that does not hear it looks by itself.
local _M = {}
local config = require("config")
local http_client = require("lib.http_client")
local logger = require("logger")
local PATH = "/api/v1/reconcile-monitors"
local TIMEOUT_MS = 2000

local function ask(node)
    local peer, peer_err = http_client.find_peer(node.host)
    if peer == nil then
        logger.debug("HEALTH_CHECK", "cannot tell %s of its monitors: %s", node.node_id, peer_err)
        return
    end
    local secret = config.secrets.current == "" and "" or ("X-Cluster-Secret: " .. config.secrets.current) .. "\r\n"
    local answer, err = http_client.request(
        "POST",
        peer,
        PATH,
        TIMEOUT_MS,
        secret
    )
    if answer == nil then
        logger.debug("HEALTH_CHECK", "cannot tell %s of its monitors: %s", node.node_id, err)
    elseif answer.status ~= 200 then
        logger.debug("HEALTH_CHECK", "cannot tell %s of its monitors: it answered %d", node.node_id, answer.status)
    end
end

--- Asks those of the nodes that got any of the monitors, all at the same time; waits for none of them.
function _M.announce(nodes, moved)
    for ____, node in ipairs(nodes) do
        if (moved[node.node_id] or 0) > 0 then
            ngx.thread.spawn(ask, node)
        end
    end
end
return _M
