-- Generated from src-ts/lib/private_address.ts: edit that file, then run npm run build.
-- Whether an IP address is of this machine or of a private network.
local _M = {}
local ____address = require("lib.address")
local is_ipv4 = ____address.is_ipv4
local V4_RANGES = {
    {10, 0, 255},
    {127, 0, 255},
    {169, 254, 254},
    {172, 16, 31},
    {192, 168, 168}
}

local function is_private_v4(address)
    local a, b = string.match(address, "^(%d+)%.(%d+)%.")
    local first, second = tonumber(a or ""), tonumber(b or "")
    if first == nil or second == nil then
        return false
    end
    for ____, ____value in ipairs(V4_RANGES) do
        local wanted = ____value[1]
        local from = ____value[2]
        local to = ____value[3]
        if first == wanted and second >= from and second <= to then
            return true
        end
    end
    return false
end

--- True for loopback, link-local and private addresses, IPv4, IPv6 and IPv4 in IPv6; false for all others and for what
-- is no address.
function _M.is_private_address(text)
    local address = string.lower(text)
    local mapped = string.match(address, "^::ffff:([%d.]+)$")
    local v4 = mapped or address
    if is_ipv4(v4) then
        return is_private_v4(v4)
    end
    if address == "::1" then
        return true
    end
    local head = string.match(address, "^(%x%x%x%x):[%x:.]*$")
    local ____temp_0
    if head == nil then
        ____temp_0 = nil
    else
        ____temp_0 = tonumber(head, 16)
    end
    local group = ____temp_0
    if group == nil then
        return false
    end
    return group >= 64512 and group <= 65023 or group >= 65152 and group <= 65215
end
return _M
