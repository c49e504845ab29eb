-- Generated from src-ts/logger.ts: edit that file, then run npm run build.
-- Log lines of one form: "[CATEGORY] text", or one JSON object a line. Never raises, whatever it is given.
-- All levels but warn and error go out as nginx's "notice": LOG_LEVEL decides here what is written.
-- The latest lines of all workers are kept in memory too, for /lb/debug-logs.
local _M = {}
local config = require("config")
local clock = require("lib.clock")
local evictions = require("lib.evictions")
local json = require("lib.json")
local ____time_text = require("lib.time_text")
local iso_time = ____time_text.iso_time
local LINES_KEPT = 500
--- Characters of a line that are kept.
local LINE_LENGTH = 1000
--- Missing in an nginx.conf of somebody's own: then nothing is kept.
local dict = ngx.shared.cluster_log
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

local function keep(level, category, text)
    if dict == nil then
        return
    end
    local count = dict:incr("lines", 1, 0)
    if count ~= nil then
        local at = iso_time(clock.now()) or ""
        local line = {
            at = at,
            level = level,
            category = category,
            message = string.sub(text, 1, LINE_LENGTH)
        }
        local ____, ____, forcible = dict:set(
            "line:" .. tostring(count % LINES_KEPT),
            json.encode(line)
        )
        if forcible then
            evictions.note("cluster_log")
        end
    end
end

local function write(level, severity, category, text)
    local rank = RANKS[level]
    if rank ~= nil and rank >= threshold then
        ngx.log(
            severity,
            render(level, category, text)
        )
        keep(level, category, text)
    end
end

--- The latest lines, oldest first.
function _M.latest_lines()
    local lines = {}
    if dict == nil then
        return lines
    end
    local count = tonumber((dict:get("lines"))) or 0
    for index = math.max(1, count - LINES_KEPT + 1), count do
        local line = json.decode(tostring((dict:get("line:" .. tostring(index % LINES_KEPT)))))
        if line ~= nil then
            table.insert(lines, line)
        end
    end
    return lines
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
