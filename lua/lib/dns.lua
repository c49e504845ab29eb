-- Generated from src-ts/lib/dns.ts: edit that file, then run npm run build.
local _M = {}

function _M.resolve_host(host)
    return host
end

function _M.cached_host(host)
    return host
end
return _M
