-- Generated from src-ts/store/suspects.ts: edit that file, then run npm run build.
-- Nodes that failed a request a moment ago, shared by the workers: routing passes them over for a short while and the
-- health check looks at them at once.
local _M = {}
local clock = require("lib.clock")
local shared_dict = require("lib.shared_dict")
local version = require("store.version")
--- Seconds for which a node that failed a request gets no other while there is a choice.
local SKIP_SECONDS = 5
local dict = shared_dict.open("health_checker")
--- Time of the last look at whether anybody is passed over at all, and what it found.
local looked_at = -1
local is_any_skipped = false

--- Has requests pass the node over for a while.
function _M.skip(node_id)
    shared_dict.set(dict, "skip:" .. node_id, true, SKIP_SECONDS)
    shared_dict.set(dict, "skipping", true, SKIP_SECONDS)
    is_any_skipped = true
end

--- Notes that the node failed a request: it is passed over, and checked at once, and routing looks who else there is.
function _M.report(node_id)
    if (dict.raw:get("skip:" .. node_id)) == nil then
        version.bump()
    end
    _M.skip(node_id)
    shared_dict.set(dict, "suspect:" .. node_id, true, 60)
end

--- True while the node should get no request.
function _M.is_skipped(node_id)
    local now = clock.now()
    if now ~= looked_at then
        looked_at = now
        is_any_skipped = (dict.raw:get("skipping")) ~= nil
    end
    return is_any_skipped and (dict.raw:get("skip:" .. node_id)) ~= nil
end

--- True once after a report: the caller is the one who checks the node.
function _M.take(node_id)
    local key = "suspect:" .. node_id
    if (dict.raw:get(key)) == nil then
        return false
    end
    dict.raw:delete(key)
    return true
end

--- The node has answered: requests may go there again.
function _M.absolve(node_id)
    dict.raw:delete("skip:" .. node_id)
end
return _M
