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

--- Who sent the request of this phase.
function _M.current()
    local variable = ngx.var
    local remote = variable.remote_addr or ""
    local scheme = variable.scheme or "http"
    if not _M.HAS_TRUSTED_PROXIES or not is_in_ranges(remote, config.access.trusted_proxies) then
        return {address = remote, scheme = scheme, forwarded_for = remote}
    end
    local said = variable.http_x_forwarded_proto
    local chain = variable.http_x_forwarded_for
    return {
        address = _M.client_address(remote, chain),
        scheme = (said == "https" or said == "http") and said or scheme,
        forwarded_for = chain == nil and remote or (chain .. ", ") .. remote
    }
end
return _M
