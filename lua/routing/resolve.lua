-- Generated from src-ts/routing/resolve.ts: edit that file, then run npm run build.
-- Host name of a node -> IP literal that the balancer phase can use.
local _M = {}
do
    local ____dns = require("lib.dns")
    _M.cached_addresses = ____dns.cached_addresses
    _M.cached_host = ____dns.cached_host
    _M.doubt = ____dns.doubt
    _M.resolve_host = ____dns.resolve_host
end
return _M
