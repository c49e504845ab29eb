-- Generated from src-ts/logger.ts: edit that file, then run npm run build.
-- Log lines of one form: "[CATEGORY] text", or one JSON object a line. Never raises, whatever it is given.
-- All levels but warn and error go out as nginx's "notice": LOG_LEVEL decides here what is written.
local _M = {}
local config = require("config")
local json = require("lib.json")
local RANKS = {debug = 1, info = 2, warn = 3, error = 4}
local threshold = RANKS[config.log.level] or 2

local function render(level, category, text)
    if config.log.format ~= "json" then
        return (("[" .. category) .. "] ") .. text
    end
    return json.encode({
        time = ngx.utctime(),
        level = level,
        category = category,
        message = text
    })
end

local function format(template, ...)
    local ok, text = pcall(string.format, template, ...)
    return ok and text or template
end

local function write(level, severity, category, text)
    local rank = RANKS[level]
    if rank ~= nil and rank >= threshold then
        ngx.log(
            severity,
            render(level, category, text)
        )
    end
end

--- What a node's health check found.
function _M.health_check(template, ...)
    write(
        "info",
        ngx.NOTICE,
        "HEALTH_CHECK",
        format(template, ...)
    )
end

--- What happened between us and the database.
function _M.database(template, ...)
    write(
        "info",
        ngx.NOTICE,
        "DATABASE",
        format(template, ...)
    )
end

--- What was decided for requests.
function _M.router(template, ...)
    write(
        "info",
        ngx.NOTICE,
        "ROUTER",
        format(template, ...)
    )
end

--- For somebody who looks for a cause; written only with LOG_LEVEL=debug.
function _M.debug(category, template, ...)
    write(
        "debug",
        ngx.NOTICE,
        category,
        format(template, ...)
    )
end

--- What an operator may want to know.
function _M.info(category, template, ...)
    write(
        "info",
        ngx.NOTICE,
        category,
        format(template, ...)
    )
end

--- Something is wrong that the cluster copes with.
function _M.warn(category, template, ...)
    write(
        "warn",
        ngx.WARN,
        category,
        format(template, ...)
    )
end

--- Something is wrong that needs a person.
function _M.error(category, template, ...)
    write(
        "error",
        ngx.ERR,
        category,
        format(template, ...)
    )
end
return _M
