-- Generated from src-ts/lib/hosts_file.ts: edit that file, then run npm run build.
-- /etc/hosts. Pure: the text comes from dns_files.
local _M = {}
local ____address = require("lib.address")
local ip_literal = ____address.ip_literal
local group = require("lib.group")
local ____text = require("lib.text")
local lines = ____text.lines
local words = ____text.words

local function add(hosts, names, ip)
    for ____, name in ipairs(words(string.lower(names))) do
        group.add(hosts, name, ip)
    end
end

--- The names that a text in the format of hosts(5) defines.
function _M.parse_hosts(text)
    local v4 = {}
    local v6 = {}
    for ____, line in ipairs(lines(text)) do
        local address, names = string.match(line, "^%s*([^%s#]+)%s+([^#]*)")
        local ____temp_0
        if address == nil then
            ____temp_0 = nil
        else
            ____temp_0 = ip_literal(address)
        end
        local ip = ____temp_0
        if ip ~= nil then
            add(
                string.sub(ip, 1, 1) == "[" and v6 or v4,
                names or "",
                ip
            )
        end
    end
    for name, addresses in pairs(v6) do
        if v4[name] == nil then
            v4[name] = addresses
        end
    end
    return v4
end
return _M
