-- Generated from src-ts/regions/check_input.ts: edit that file, then run npm run build.
-- What somebody sends as a check, looked at field by field: pure functions.
local _M = {}
local ____fields = require("lib.fields")
local is_flag = ____fields.is_flag
local is_given = ____fields.is_given
local is_header_map = ____fields.is_header_map
local is_line = ____fields.is_line
local is_one_of = ____fields.is_one_of
local is_text = ____fields.is_text
local is_whole = ____fields.is_whole
local read_fields = ____fields.read_fields
local ____url = require("lib.url")
local parse_url = ____url.parse_url
local DEFAULTS = {interval = 60, timeout_ms = 10000}
local REGIONS_MAX = 50
local NAME = "^[%w_.-]+$"
local STRATEGIES = {["any-down"] = true, ["majority-down"] = true, ["all-down"] = true}
local METHODS = {
    GET = true,
    HEAD = true,
    POST = true,
    PUT = true,
    PATCH = true,
    DELETE = true,
    OPTIONS = true
}
local DNS_TYPES = {
    A = true,
    AAAA = true,
    CNAME = true,
    MX = true,
    NS = true,
    TXT = true
}

local function is_url(value)
    return type(value) == "string" and #value <= 2000 and parse_url(value) ~= nil
end

--- "200-299,304": parts from 100 to 599.
local function is_status_list(value)
    if type(value) ~= "string" or value == "" or #value > 200 then
        return false
    end
    for part in string.gmatch(value .. ",", "([^,]*),") do
        local one = string.match(part, "^%s*([1-5]%d%d)%s*$")
        local range = string.match(part, "^%s*([1-5]%d%d%-[1-5]%d%d)%s*$")
        if one == nil and range == nil then
            return false
        end
    end
    return true
end
local TARGETS = {
    http = {
        {name = "url", verify = is_url, allowed = "an http or https URL", required = true},
        {
            name = "method",
            verify = is_one_of(METHODS),
            allowed = "GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS"
        },
        {name = "headers", verify = is_header_map, allowed = "an object of texts by header name"},
        {
            name = "body",
            verify = is_text(65536),
            allowed = "a text of up to 64 KiB"
        },
        {name = "expected_status", verify = is_status_list, allowed = "a list as in 200-299,304"},
        {
            name = "keyword",
            verify = is_text(1000, 1),
            allowed = "a text of up to 1000 bytes"
        },
        {name = "invert_keyword", verify = is_flag, allowed = "true or false"},
        {
            name = "max_redirects",
            verify = is_whole(0, 20),
            allowed = "a whole number from 0 to 20"
        },
        {
            name = "min_tls_days",
            verify = is_whole(0, 3650),
            allowed = "a whole number from 0 to 3650"
        },
        {name = "ignore_tls", verify = is_flag, allowed = "true or false"}
    },
    tcp = {
        {
            name = "host",
            verify = is_line(255, 1),
            allowed = "a host name or an IP address",
            required = true
        },
        {
            name = "port",
            verify = is_whole(1, 65535),
            allowed = "a whole number from 1 to 65535",
            required = true
        }
    },
    dns = {
        {
            name = "name",
            verify = is_line(255, 1),
            allowed = "a host name",
            required = true
        },
        {
            name = "type",
            verify = is_one_of(DNS_TYPES),
            allowed = "A, AAAA, CNAME, MX, NS or TXT"
        },
        {
            name = "server",
            verify = is_line(255, 1),
            allowed = "ip or ip:port"
        },
        {
            name = "expected",
            verify = is_line(1000, 1),
            allowed = "a text of up to 1000 bytes"
        }
    }
}

local function read_target(kind, given)
    if type(given) ~= "table" or given == ngx.null then
        return nil, "target must be an object"
    end
    local target, err = read_fields(given, TARGETS[kind], "target.")
    if target == nil then
        return nil, err
    end
    return target
end

local function read_regions(given)
    if not is_given(given) then
        return false
    end
    local regions = {}
    if type(given) == "table" then
        for ____, region in ipairs(given) do
            if type(region) ~= "string" or (string.match(region, NAME)) == nil or #region > 64 then
                return nil, "regions must be a list of names of letters, digits, _ . and -"
            end
            table.insert(regions, region)
        end
    end
    if type(given) ~= "table" or #regions > REGIONS_MAX then
        return nil, ("regions must be a list of at most " .. tostring(REGIONS_MAX)) .. " names"
    end
    local ____temp_0
    if #regions == 0 then
        ____temp_0 = false
    else
        ____temp_0 = regions
    end
    return ____temp_0
end
local PLAIN = {
    {
        name = "name",
        verify = is_line(150, 1),
        allowed = "a text of 1 to 150 bytes",
        required = true
    },
    {
        name = "kind",
        verify = is_one_of({http = true, tcp = true, dns = true}),
        allowed = "http, tcp or dns",
        required = true
    },
    {
        name = "interval",
        verify = is_whole(5, 86400),
        allowed = "a whole number of seconds from 5 to 86400"
    },
    {
        name = "timeout_ms",
        verify = is_whole(100, 60000),
        allowed = "a whole number from 100 to 60000"
    },
    {
        name = "strategy",
        verify = is_one_of(STRATEGIES),
        allowed = "any-down, majority-down or all-down"
    },
    {
        name = "quorum",
        verify = is_whole(1, 1000),
        allowed = "a whole number from 1 to 1000"
    },
    {name = "active", verify = is_flag, allowed = "true or false"}
}

--- A check of what was given, what is missing by default; or nil and what is wrong with it, as a sentence.
function _M.read_check(given)
    local values, err = read_fields(given, PLAIN)
    if values == nil then
        return nil, err
    end
    local kind = values.kind
    local target, target_err = read_target(kind, given.target)
    if target == nil then
        return nil, target_err
    end
    local regions, regions_err = read_regions(given.regions)
    if regions == nil then
        return nil, regions_err
    end
    local interval = values.interval or DEFAULTS.interval
    local timeout_ms = values.timeout_ms or math.min(DEFAULTS.timeout_ms, interval * 800)
    if timeout_ms > interval * 1000 then
        return nil, "timeout_ms must not be longer than the interval"
    end
    local ____values_name_2 = values.name
    local ____kind_3 = kind
    local ____target_4 = target
    local ____interval_5 = interval
    local ____timeout_ms_6 = timeout_ms
    local ____temp_1
    if regions == false then
        ____temp_1 = nil
    else
        ____temp_1 = regions
    end
    return {
        name = ____values_name_2,
        kind = ____kind_3,
        target = ____target_4,
        interval = ____interval_5,
        timeout_ms = ____timeout_ms_6,
        regions = ____temp_1,
        strategy = values.strategy,
        quorum = values.quorum,
        active = values.active ~= false
    }
end
return _M
