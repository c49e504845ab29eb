-- Generated from src-ts/api/view.ts: edit that file, then run npm run build.
-- Pages that show the cluster as routing sees it.
local _M = {}
local monitor_router = require("monitor_router")
local ____respond = require("api.respond")
local failure = ____respond.failure
local ok = ____respond.ok
--- Seconds after which a client may ask again when nothing is there yet.
local RETRY_AFTER = {["Retry-After"] = "5"}

--- The answer while nothing is known of the cluster.
function _M.not_ready(reason)
    return failure(503, "not_ready", ("The load balancer has not read the database yet: " .. reason) .. ".", RETRY_AFTER)
end

--- 200 with what `render` makes of the cluster, or not_ready.
function _M.of_cluster(render)
    local status, err = monitor_router.get_cluster_status()
    if status == nil then
        return _M.not_ready(err)
    end
    return ok(render(status))
end
return _M
