-- Generated from src-ts/lib/address.ts: edit that file, then run npm run build.
-- Host and port as people write them: `name`, `name:port`, `ip:port`, `[ipv6]:port`, bare IPv6.
local _M = {}
local ____text = require("lib.text")
local contains = ____text.contains
local MAX_PORT = 65535

local function split(address)
    local bracketed, colon, rest = string.match(address, "^(%[[^%]]+%])(:?)(.*)$")
    if bracketed ~= nil then
        if colon == "" and rest == "" then
            return bracketed, nil
        end
        return bracketed, colon == "" and "" or rest
    end
    local ____, colons = string.gsub(address, ":", "")
    if colons > 1 then
        return ("[" .. address) .. "]", nil
    end
    local host, port = string.match(address, "^([^:]*):(.*)$")
    if host == nil then
        return address, nil
    end
    return host, port
end

--- Host and TCP port of an address. An IPv6 host comes back in brackets. nil and the cause when the port is no number
-- from 1 to 65535 or the host is missing.
function _M.parse_address(address, default_port)
    local host, port_text = split(address)
    local port = port_text == nil and default_port or tonumber((string.match(port_text, "^%d+$")) or "")
    if host == nil or host == "" or port == nil or port < 1 or port > MAX_PORT then
        return nil, ("\"" .. address) .. "\" is not host:port"
    end
    return host, port
end

--- True for the dotted form, as in 127.0.0.1.
function _M.is_ipv4(host)
    local a, b, c, d = string.match(host, "^(%d%d?%d?)%.(%d%d?%d?)%.(%d%d?%d?)%.(%d%d?%d?)$")
    if a == nil then
        return false
    end
    for ____, part in ipairs({a, b, c, d}) do
        if (tonumber(part) or 256) > 255 then
            return false
        end
    end
    return true
end

--- An IP address in the form that nginx takes for a peer, IPv6 in brackets; nil for a name.
function _M.ip_literal(host)
    if _M.is_ipv4(host) then
        return host
    end
    local inner = string.match(host, "^%[?([%x:.]+)%]?$")
    if inner == nil or not contains(inner, ":") then
        return nil
    end
    return ("[" .. inner) .. "]"
end
--- Port on which Uptime Kuma listens unless told otherwise.
local KUMA_PORT = 3001

--- Host and port of a node as the table has it; what cannot be read is kept as a name, which then does not resolve.
function _M.node_address(host)
    local name, port = _M.parse_address(host, KUMA_PORT)
    if name == nil then
        return host, KUMA_PORT
    end
    return name, port
end
return _M
