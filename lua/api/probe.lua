-- Generated from src-ts/api/probe.ts: edit that file, then run npm run build.
-- What a probe answers in place of what it does not have, and whether it can do its work.
local _M = {}
local probe_mode = require("probe_mode")
local ____page = require("api.page")
local page = ____page.page
local ____respond = require("api.respond")
local failure = ____respond.failure
local ok = ____respond.ok
local PROBE_ONLY = {en = {title = "This is a probe", text = "It checks targets for its cluster. Uptime Kuma is not served here."}, zh = {title = "這是一個探測器", text = "它只為叢集檢查目標，此處不提供 Uptime Kuma。"}}

--- In place of a page under /lb/ that only other load balancers have.
function _M.not_here()
    local pages = "ping, livez, readyz, debug-config and debug-logs"
    return failure(404, "not_here", ("This load balancer is a probe: all it has under /lb/ is " .. pages) .. ".")
end

--- In place of Uptime Kuma.
function _M.probe_only(wants_html)
    local message = "This is a probe: it checks targets for its cluster and serves no Uptime Kuma."
    return wants_html and page(503, PROBE_ONLY, {}) or failure(503, "probe_only", message)
end

--- GET /lb/readyz of a probe: it is registered and knows what to check.
function _M.readyz()
    local reason = probe_mode.why_not_ready()
    local retry = {["Retry-After"] = "5"}
    return reason == nil and ok({status = "ready"}) or failure(503, "not_ready", ("The probe does not know what to check yet: " .. reason) .. ".", retry)
end
return _M
