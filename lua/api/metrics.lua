-- Generated from src-ts/api/metrics.ts: edit that file, then run npm run build.
-- GET /lb/metrics for Prometheus.
local _M = {}
local ____exposition = require("metrics.exposition")
local CONTENT_TYPE = ____exposition.CONTENT_TYPE
local render = ____exposition.render
local families = require("metrics.families")
do
    local ____exposition = require("metrics.exposition")
    _M.CONTENT_TYPE = ____exposition.CONTENT_TYPE
end

--- GET /lb/metrics: everything that is counted and known, whatever the state of the database.
function _M.metrics()
    return {
        status = 200,
        body = render(families.all()),
        content_type = CONTENT_TYPE .. "; charset=utf-8"
    }
end
return _M
