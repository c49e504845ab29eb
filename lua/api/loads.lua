-- Generated from src-ts/api/loads.ts: edit that file, then run npm run build.
-- The loads that requests are routed by, read anew.
local _M = {}
local json = require("lib.json")
local monitor_router = require("monitor_router")
local ____dry_run = require("api.dry_run")
local either = ____dry_run.either
local ____respond = require("api.respond")
local database_lost = ____respond.database_lost
local ok = ____respond.ok
local ____view = require("api.view")
local milliseconds = ____view.milliseconds
local of_cluster = ____view.of_cluster

local function render_loads(status)
    local nodes = {}
    for ____, ____value in ipairs(status.nodes) do
        local node_id = ____value.node_id
        local node_status = ____value.status
        local monitor_count = ____value.monitor_count
        local monitor_total = ____value.monitor_total
        local load = ____value.load
        table.insert(
            nodes,
            {
                node_id = node_id,
                status = node_status,
                monitor_count = monitor_count,
                monitor_total = monitor_total,
                checks_per_second = math.floor(load * 10000 + 0.5) / 10000
            }
        )
    end
    return {
        nodes = json.list(nodes),
        snapshot_age_seconds = milliseconds(status.snapshot_age)
    }
end

--- GET and POST /lb/update-loads: reads the loads anew; a dry run shows those that routing goes by now.
function _M.update_loads(request)
    return either(
        request,
        function() return of_cluster(render_loads) end,
        function()
            local status, err = monitor_router.update_loads()
            return status == nil and database_lost(err) or ok(render_loads(status))
        end
    )
end
return _M
