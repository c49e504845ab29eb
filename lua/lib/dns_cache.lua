-- Generated from src-ts/lib/dns_cache.ts: edit that file, then run npm run build.
-- The answers of the name servers that this worker remembers.
local _M = {}
local clock = require("lib.clock")
--- Seconds for which an answer counts at least and at most, whatever its TTL is.
local MIN_TTL_S = 1
_M.MAX_TTL_S = 3600
local DOUBTED_TTL_S = 1
local MOST_NAMES = 5000
local cache = {}
local names = 0

--- What is remembered of a name, however old it is.
function _M.get(host)
    return cache[host]
end

--- Remembers the answer for a name, or with no address why there is none.
function _M.remember(host, ips, ttl, err)
    if err == nil then
        err = ""
    end
    names = names + (cache[host] == nil and 1 or 0)
    if names > MOST_NAMES then
        cache = {}
        names = 1
    end
    local learned = clock.monotonic()
    local expires = learned + math.max(
        MIN_TTL_S,
        math.min(ttl, _M.MAX_TTL_S)
    )
    local entry = {
        ips = ips,
        err = err,
        learned = learned,
        expires = expires,
        next = 0,
        is_stale = false,
        warned_at = -math.huge
    }
    cache[host] = entry
    return entry
end

--- The address to use now: several take turns.
function _M.next_ip(entry)
    local ip = entry.ips[entry.next + 1]
    entry.next = (entry.next + 1) % math.max(1, #entry.ips)
    return ip
end

--- Notes that the answer for a name may be no longer true, since nobody served there or the host was away: a container that
-- comes back has another address, and Docker's name server vouches for the old one for ten minutes. The next resolve_host
-- asks again, whatever the TTL, though not more than once a second. Never waits.
function _M.doubt(host)
    local entry = cache[host]
    if entry ~= nil and #entry.ips > 0 and not entry.is_stale then
        entry.expires = math.min(entry.expires, entry.learned + DOUBTED_TTL_S)
    end
end
return _M
