-- Generated from src-ts/api/operations.ts: edit that file, then run npm run build.
-- Handlers that make the cluster do something.
local _M = {}
local health_check = require("health_check")
local ____respond = require("api.respond")
local failure = ____respond.failure
local ok = ____respond.ok

--- POST /lb/trigger-health-check: one round now, over all nodes.
function _M.trigger_health_check()
    local result, err = health_check.run_health_check()
    if result == nil then
        return failure(503, "health_check_busy", ("The health check could not run: " .. err) .. ".", {["Retry-After"] = "5"})
    end
    local body = {
        result = result,
        statistics = health_check.get_statistics()
    }
    return ok(body)
end
return _M
