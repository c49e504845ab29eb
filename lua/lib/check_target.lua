-- Generated from src-ts/lib/check_target.ts: edit that file, then run npm run build.
-- What may stand in the target of a check, field by field: pure functions.
local _M = {}
local ____fields = require("lib.fields")
local is_flag = ____fields.is_flag
local is_header_map = ____fields.is_header_map
local is_line = ____fields.is_line
local is_name_server = ____fields.is_name_server
local is_one_of = ____fields.is_one_of
local is_text = ____fields.is_text
local is_whole = ____fields.is_whole
local read_fields = ____fields.read_fields
local ____url = require("lib.url")
local parse_url = ____url.parse_url
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
        local from, dash, to = string.match(part, "^%s*([1-5]%d%d)%s*(%-?)%s*(%d*)%s*$")
        local is_range = dash == "-" and (string.match(to or "", "^[1-5]%d%d$")) ~= nil
        if from == nil or not is_range and tostring(dash) .. tostring(to) ~= "" then
            return false
        end
    end
    return true
end

local function is_host(value)
    return type(value) == "string" and (string.match(value, "^[%w.:_%[%]-]+$")) ~= nil
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
        {name = "host", verify = is_host, allowed = "a host name or an IP address", required = true},
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
        {name = "server", verify = is_name_server, allowed = "ip or ip:port"},
        {
            name = "expected",
            verify = is_line(1000, 1),
            allowed = "a text of up to 1000 bytes"
        }
    }
}

--- True for the name of a kind of check.
function _M.is_check_kind(kind)
    return type(kind) == "string" and TARGETS[kind] ~= nil
end

--- The target of a check of this kind; nil and what is wrong with it, as a sentence.
function _M.read_target(kind, given)
    if type(given) ~= "table" then
        return nil, "target must be an object"
    end
    local fields, err = read_fields(given, TARGETS[kind], "target.")
    if fields == nil then
        return nil, err
    end
    return fields
end
return _M
