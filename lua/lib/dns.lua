-- Generated from src-ts/lib/dns.ts: edit that file, then run npm run build.
-- Host name -> IP address, cached per worker by the TTL of the answer. One look-up per name at a time, which one request
-- waits for when an answer has run out; while the name servers fail, the last answer stays in use and nobody waits.
local _M = {}
local ____ngx_2Esemaphore = require("ngx.semaphore")
local create_semaphore = ____ngx_2Esemaphore.new
local logger = require("logger")
local ____address = require("lib.address")
local ip_literal = ____address.ip_literal
local clock = require("lib.clock")
local cache = require("lib.dns_cache")
local files = require("lib.dns_files")
local ____dns_query = require("lib.dns_query")
local look_up = ____dns_query.look_up
do
    local ____dns_cache = require("lib.dns_cache")
    _M.doubt = ____dns_cache.doubt
end
local NEGATIVE_TTL_S = 2
local STALE_RETRY_S = 5
local WARN_INTERVAL_S = 60
local FLIGHT_LIMIT_S = 10
local flights = {}

local function answer(entry)
    local ip = cache.next_ip(entry)
    if ip == nil then
        return nil, entry.err
    end
    return ip
end

local function keep_stale(host, entry, cause)
    entry.is_stale = true
    entry.expires = clock.monotonic() + STALE_RETRY_S
    if clock.monotonic() - entry.warned_at < WARN_INTERVAL_S then
        return
    end
    entry.warned_at = clock.monotonic()
    logger.warn("DNS", "cannot resolve %s, the last answer stays in use: %s", host, cause)
end

local function settle(host, addresses, cause, is_definite)
    local known = cache.get(host)
    if addresses ~= nil then
        cache.remember(host, addresses.ips, addresses.ttl)
    elseif known ~= nil and #known.ips > 0 and not is_definite then
        keep_stale(host, known, cause)
    else
        cache.remember(host, {}, NEGATIVE_TTL_S, (("cannot resolve " .. host) .. ": ") .. cause)
    end
end

local function refresh(host)
    local landed, err = create_semaphore()
    if landed == nil then
        return settle(host, nil, err or "", false)
    end
    local flight = {
        landed = landed,
        waiters = 0,
        deadline = clock.monotonic() + FLIGHT_LIMIT_S
    }
    flights[host] = flight
    local addresses, cause, is_definite = look_up(host)
    settle(host, addresses, cause or "", is_definite == true)
    flights[host] = nil
    if flight.waiters > 0 then
        landed:post(flight.waiters)
    end
end

local function flight_of(host)
    local flight = flights[host]
    return flight ~= nil and flight.deadline > clock.monotonic() and flight or nil
end

local function refresh_in_timer(premature, host)
    if not premature and flight_of(host) == nil then
        refresh(host)
    end
end

--- An answer without the DNS: the name is an address, or stands in /etc/hosts.
local function local_entry(host)
    local literal = ip_literal(host)
    if literal ~= nil then
        return cache.remember(host, {literal}, cache.MAX_TTL_S)
    end
    local ips = files.hosts()[string.lower(host)]
    local ____temp_0
    if ips == nil then
        ____temp_0 = nil
    else
        ____temp_0 = cache.remember(host, ips, files.FILE_TTL_S)
    end
    return ____temp_0
end

local function resolve(host, known)
    local ____local = local_entry(host)
    if ____local ~= nil then
        return answer(____local)
    end
    local flight = flight_of(host)
    if known ~= nil and #known.ips > 0 then
        if flight ~= nil then
            return answer(known)
        end
        if known.is_stale then
            known.expires = clock.monotonic() + STALE_RETRY_S
            ngx.timer.at(0, refresh_in_timer, host)
            return answer(known)
        end
    end
    if flight == nil then
        refresh(host)
    else
        flight.waiters = flight.waiters + 1
        flight.landed:wait(FLIGHT_LIMIT_S)
    end
    local entry = cache.get(host)
    if entry == nil then
        return nil, ("cannot resolve " .. host) .. ": timeout"
    end
    return answer(entry)
end

--- The IP address of a host in the form that nginx takes for a peer or a socket (IPv6 in brackets). IP literals and names
-- of /etc/hosts need no name server; several addresses of a name take turns. nil and "cannot resolve <host>: <cause>";
-- a failure is remembered for 2 seconds. May wait, so not in the balancer phase: see cached_host.
function _M.resolve_host(host)
    local entry = cache.get(host)
    if entry ~= nil and entry.expires > clock.monotonic() then
        return answer(entry)
    end
    return resolve(host, entry)
end

--- All addresses that resolve_host would give in turn, as far as they are known without waiting.
function _M.cached_addresses(host)
    local entry = cache.get(host)
    if entry ~= nil and #entry.ips > 0 then
        return entry.ips
    end
    local literal = ip_literal(host)
    return literal == nil and ({}) or ({literal})
end

--- Like resolve_host, but without waiting: an answer of any age, or nil when the name was never resolved.
function _M.cached_host(host)
    local entry = cache.get(host)
    if entry ~= nil and #entry.ips > 0 then
        return cache.next_ip(entry)
    end
    return ip_literal(host)
end
return _M
