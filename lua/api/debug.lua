-- Generated from src-ts/api/debug.ts: edit that file, then run npm run build.
-- GET handlers for somebody who looks for a cause: the settings in use, the latest log lines.
local _M = {}
local config = require("config")
local json = require("lib.json")
local ____version = require("lib.version")
local VERSION = ____version.VERSION
local version_text = ____version.version_text
local logger = require("logger")
local ____respond = require("api.respond")
local ok = ____respond.ok

--- GET /lb/debug-config
function _M.debug_config()
    local body = {
        settings = json.list(config.list_settings()),
        version = VERSION,
        nginx = version_text(ngx.config.nginx_version),
        ngx_lua = version_text(ngx.config.ngx_lua_version),
        worker_count = ngx.worker.count()
    }
    return ok(body)
end

--- GET /lb/debug-logs
function _M.debug_logs()
    local body = {lines = json.list(logger.latest_lines())}
    return ok(body)
end
return _M
