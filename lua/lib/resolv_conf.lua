-- Generated from src-ts/lib/resolv_conf.ts: edit that file, then run npm run build.
-- /etc/resolv.conf: which name servers to ask, and for which names. Pure: the text comes from dns_files.
local _M = {}
local ____address = require("lib.address")
local ip_literal = ____address.ip_literal
local ____text = require("lib.text")
local lines = ____text.lines
local words = ____text.words
local MAX_NAMESERVERS = 3
local MAX_NDOTS = 15
local MAX_TIMEOUT_S = 5
local MAX_ATTEMPTS = 5
local DEFAULT_TIMEOUT_S = 2
local DEFAULT_ATTEMPTS = 2

local function option(conf, text)
    local name, digits = string.match(text, "^(%a+):(%d+)$")
    local value = tonumber(digits or "")
    if value == nil then
        return
    end
    if name == "ndots" then
        conf.ndots = math.min(value, MAX_NDOTS)
    end
    if name == "timeout" then
        conf.timeout = math.max(
            1,
            math.min(value, MAX_TIMEOUT_S)
        )
    end
    if name == "attempts" then
        conf.attempts = math.max(
            1,
            math.min(value, MAX_ATTEMPTS)
        )
    end
end

local function nameserver(conf, text)
    local address = string.match(text, "^[^%%]+")
    local ____temp_0
    if address == nil then
        ____temp_0 = nil
    else
        ____temp_0 = ip_literal(address)
    end
    local ip = ____temp_0
    if ip ~= nil and #conf.nameservers < MAX_NAMESERVERS then
        local ____conf_nameservers_1 = conf.nameservers
        ____conf_nameservers_1[#____conf_nameservers_1 + 1] = ip
    end
end

--- What a text in the format of resolv.conf(5) says. Lines that are not understood are passed over, as libc does.
function _M.parse_resolv_conf(text)
    local conf = {
        nameservers = {},
        search = {},
        ndots = 1,
        timeout = DEFAULT_TIMEOUT_S,
        attempts = DEFAULT_ATTEMPTS
    }
    for ____, line in ipairs(lines(text)) do
        local keyword, rest = string.match(line, "^%s*(%a+)%s+([^#;]*)")
        local values = words(rest or "")
        if keyword == "search" or keyword == "domain" then
            conf.search = values
        end
        if keyword == "nameserver" then
            nameserver(conf, values[1] or "")
        end
        if keyword == "options" then
            for ____, value in ipairs(values) do
                option(conf, value)
            end
        end
    end
    return conf
end

--- The absolute names to try for a name, in order; one that ends with a dot is absolute already.
function _M.absolute_names(name, conf)
    local absolute = string.match(name, "^(.*)%.$")
    if absolute ~= nil then
        return {absolute}
    end
    local names = {}
    for ____, domain in ipairs(conf.search) do
        names[#names + 1] = (name .. ".") .. (string.gsub(domain, "^%.*(.-)%.*$", "%1"))
    end
    local ____, dots = string.gsub(name, "%.", "")
    table.insert(names, dots >= conf.ndots and 1 or #names + 1, name)
    return names
end
return _M
