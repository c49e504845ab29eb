-- Generated from src-ts/lib/client.ts: edit that file, then run npm run build.
-- Who sent a request. What a proxy says of the client before it (X-Forwarded-For, X-Forwarded-Proto) counts only when the
-- connection comes from one of LB_TRUSTED_PROXIES: everybody else could say what he likes.
local _M = {}
local config = require("config")
local ____ip_range = require("lib.ip_range")
local is_in_ranges = ____ip_range.is_in_ranges
local parse_ip = ____ip_range.parse_ip
--- True when there are proxies whose word counts.
_M.HAS_TRUSTED_PROXIES = #config.access.trusted_proxies > 0

--- The last address of the list that is none of the trusted proxies: each of them has added the one that connected to it.
-- When all are trusted, the first; what stands before something that is no address is not believed.
function _M.client_address(remote, forwarded_for)
    local address = remote
    local rest = forwarded_for or ""
    while is_in_ranges(address, config.access.trusted_proxies) do
        local before, last = string.match(rest, "^(.-)([^%s,]+)[%s,]*$")
        if last == nil or parse_ip(last) == nil then
            break
        end
        address = last
        rest = before or ""
    end
    return address
end

--- Who has connected.
local function connected()
    local remote = ngx.var.remote_addr or ""
    return {address = remote, scheme = ngx.var.scheme or "http", forwarded_for = remote}
end

local function by_word_of_proxies()
    local remote = connected()
    if not is_in_ranges(remote.address, config.access.trusted_proxies) then
        return remote
    end
    local said = ngx.var.http_x_forwarded_proto
    local chain = ngx.var.http_x_forwarded_for
    return {
        address = _M.client_address(remote.address, chain),
        scheme = (said == "https" or said == "http") and said or remote.scheme,
        forwarded_for = chain == nil and remote.address or (chain .. ", ") .. remote.address
    }
end

--- Who sent the request of this phase.
function _M.current()
    if not _M.HAS_TRUSTED_PROXIES then
        return connected()
    end
    local ctx = ngx.ctx
    local client = ctx.client or by_word_of_proxies()
    ctx.client = client
    return client
end
return _M
