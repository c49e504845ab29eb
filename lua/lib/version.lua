-- Generated from src-ts/lib/version.ts: edit that file, then run npm run build.
-- The version of this load balancer, as package.json has it.
local _M = {}
--- The version of this load balancer, as package.json has it.
_M.VERSION = "0.2.0"

--- "1.22.1" of 1022001, as nginx and ngx_lua number their versions.
function _M.version_text(number)
    local major = math.floor(number / 1000000)
    local minor = math.floor(number / 1000) % 1000
    return string.format("%d.%d.%d", major, minor, number % 1000)
end
return _M
