-- Generated from src-ts/lib/dns_files.ts: edit that file, then run npm run build.
-- /etc/hosts and /etc/resolv.conf, read again after a few seconds: containers rewrite both while they run.
local _M = {}
local config = require("config")
local clock = require("lib.clock")
local ____address = require("lib.address")
local parse_address = ____address.parse_address
local ____hosts_file = require("lib.hosts_file")
local parse_hosts = ____hosts_file.parse_hosts
local ____resolv_conf = require("lib.resolv_conf")
local parse_resolv_conf = ____resolv_conf.parse_resolv_conf
--- Seconds for which a file counts as read.
_M.FILE_TTL_S = 5
--- Where the files are.
_M.paths = {hosts = "/etc/hosts", resolv_conf = "/etc/resolv.conf"}
local DNS_PORT = 53
local hosts_read = -math.huge
local known_hosts = {}
local resolv_conf_read = -math.huge
local known_resolv_conf = parse_resolv_conf("")

local function read(path)
    local file = io.open(path, "r")
    if file == nil then
        return nil
    end
    local text = file:read("*a")
    file:close()
    return text
end

--- The names of /etc/hosts; what was known before when it cannot be read.
function _M.hosts()
    if clock.monotonic() - hosts_read < _M.FILE_TTL_S then
        return known_hosts
    end
    hosts_read = clock.monotonic()
    local text = read(_M.paths.hosts)
    if text ~= nil then
        known_hosts = parse_hosts(text)
    end
    return known_hosts
end

--- /etc/resolv.conf; what was known before when it cannot be read.
function _M.resolv_conf()
    if clock.monotonic() - resolv_conf_read < _M.FILE_TTL_S then
        return known_resolv_conf
    end
    resolv_conf_read = clock.monotonic()
    local text = read(_M.paths.resolv_conf)
    if text ~= nil then
        known_resolv_conf = parse_resolv_conf(text)
    end
    return known_resolv_conf
end

--- The name servers to ask, in order: those of the settings, else those of /etc/resolv.conf, else this host.
function _M.nameservers()
    local ____config_dns_0 = config.dns
    local resolvers = ____config_dns_0.resolvers
    local listed = #resolvers > 0 and resolvers or _M.resolv_conf().nameservers
    local servers = {}
    for ____, address in ipairs(listed) do
        local host, port = parse_address(address, DNS_PORT)
        if host ~= nil then
            servers[#servers + 1] = {host, port}
        end
    end
    if #servers == 0 then
        servers[#servers + 1] = {"127.0.0.1", DNS_PORT}
    end
    return servers
end
return _M
