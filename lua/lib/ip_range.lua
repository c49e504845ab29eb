-- Generated from src-ts/lib/ip_range.ts: edit that file, then run npm run build.
-- IP addresses as bytes, and ranges of them as `address/prefix` writes them.
local _M = {}
local ____address = require("lib.address")
local is_ipv4 = ____address.is_ipv4
local ____text = require("lib.text")
local contains = ____text.contains
local words = ____text.words

local function bytes_of_ipv4(text)
    local bytes = {}
    for part in string.gmatch(text, "%d+") do
        table.insert(
            bytes,
            tonumber(part) or 0
        )
    end
    return bytes
end

--- Appends the groups of one side of a "::"; false when one of them is none.
local function add_groups(bytes, text)
    if text == "" then
        return true
    end
    for group in string.gmatch(text .. ":", "([^:]*):") do
        local digits = string.match(group, "^%x%x?%x?%x?$")
        if digits ~= nil then
            local value = tonumber(digits, 16) or 0
            table.insert(
                bytes,
                math.floor(value / 256)
            )
            table.insert(bytes, value % 256)
        elseif is_ipv4(group) then
            for ____, byte in ipairs(bytes_of_ipv4(group)) do
                table.insert(bytes, byte)
            end
        else
            return false
        end
    end
    return true
end

local function bytes_of_ipv6(text)
    local head, tail = string.match(text, "^(.-)::(.*)$")
    local bytes = {}
    local rest = {}
    if not add_groups(bytes, head or text) or not add_groups(rest, tail or "") then
        return nil
    end
    local missing = 16 - #bytes - #rest
    local ____temp_0
    if head == nil then
        ____temp_0 = missing ~= 0
    else
        ____temp_0 = missing < 2
    end
    if ____temp_0 then
        return nil
    end
    while #bytes + #rest < 16 do
        table.insert(bytes, 0)
    end
    for ____, byte in ipairs(rest) do
        table.insert(bytes, byte)
    end
    return bytes
end

local function is_mapped_ipv4(bytes)
    for index = 0, 9 do
        if bytes[index + 1] ~= 0 then
            return false
        end
    end
    return bytes[11] == 255 and bytes[12] == 255
end

--- 4 bytes of an IPv4 address, also of one in IPv6 (::ffff:10.0.0.1), 16 of another IPv6 address; nil for anything else.
function _M.parse_ip(text)
    if is_ipv4(text) then
        return bytes_of_ipv4(text)
    end
    local ____contains_result_1
    if contains(text, ":") then
        ____contains_result_1 = bytes_of_ipv6(text)
    else
        ____contains_result_1 = nil
    end
    local bytes = ____contains_result_1
    if bytes == nil or not is_mapped_ipv4(bytes) then
        return bytes
    end
    return {bytes[13], bytes[14], bytes[15], bytes[16]}
end

--- The range that `10.0.0.0/8`, `fd00::/8` or an address alone names; nil for anything else.
function _M.parse_range(text)
    local address, prefix = string.match(text, "^([^/]+)/(%d%d?%d?)$")
    local bytes = _M.parse_ip(address or text)
    if bytes == nil then
        return nil
    end
    local longest = #bytes * 8
    local bits = prefix == nil and longest or (tonumber(prefix) or longest)
    local ____temp_2
    if bits > longest then
        ____temp_2 = nil
    else
        ____temp_2 = {bytes = bytes, bits = bits}
    end
    return ____temp_2
end

local function is_inside(address, ____bindingPattern0)
    local bits
    local bytes
    bytes = ____bindingPattern0.bytes
    bits = ____bindingPattern0.bits
    if #address ~= #bytes then
        return false
    end
    local left = bits
    for index = 0, #bytes - 1 do
        if left <= 0 then
            break
        end
        local ignored = 2 ^ math.max(0, 8 - left)
        if math.floor(address[index + 1] / ignored) ~= math.floor(bytes[index + 1] / ignored) then
            return false
        end
        left = left - 8
    end
    return true
end

--- True when the text is an address in one of the ranges.
function _M.is_in_ranges(text, ranges)
    local address = _M.parse_ip(text)
    if address == nil then
        return false
    end
    for ____, range in ipairs(ranges) do
        if is_inside(address, range) then
            return true
        end
    end
    return false
end
local PRIVATE = {}
for ____, text in ipairs(words("10.0.0.0/8 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.168.0.0/16 ::1 fc00::/7 fe80::/10")) do
    table.insert(
        PRIVATE,
        _M.parse_range(text)
    )
end

--- True for loopback, link-local and private addresses; false for all others and for what is no address.
function _M.is_private_address(text)
    return _M.is_in_ranges(text, PRIVATE)
end
return _M
