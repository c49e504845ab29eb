-- Generated from src-ts/failover/lease.ts: edit that file, then run npm run build.
-- Holds the leader's lease for this load balancer. The session lives in a shared dict, so that the workers after a
-- reload go on with the same lease and epoch. We stop acting well before the lease could be taken from us.
local _M = {}
local config = require("config")
local clock = require("lib.clock")
local shared_dict = require("lib.shared_dict")
local logger = require("logger")
local store = require("store.lease")
--- Seconds after which others may take a lease that was not renewed.
local TTL = 10
local RENEW_AFTER = 2
local dict = shared_dict.open("health_checker")

--- Names this run of the load balancer, not its host: a restart must not inherit the lease of the run before.
local function session()
    local seed = (((tostring(ngx.worker.pid()) .. ":") .. tostring(clock.now())) .. ":") .. tostring(math.random())
    local fresh = string.gsub(
        ngx.sha1_bin(seed),
        ".",
        function(byte) return string.format(
            "%02x",
            string.byte(byte)
        ) end
    )
    shared_dict.take(
        dict,
        "lease:session",
        string.sub(fresh, 1, 32),
        0
    )
    return shared_dict.get_text(dict, "lease:session") or fresh
end

local function remember(lease, renewed_at)
    shared_dict.set(dict, "lease:epoch", lease.epoch)
    shared_dict.set(dict, "lease:renewed", renewed_at)
end

local function forget()
    dict.raw:delete("lease:epoch")
    dict.raw:delete("lease:renewed")
end

local function renew(lease)
    local started = clock.now()
    local renewed, err = store.renew(lease)
    if renewed == nil then
        return nil, err
    end
    if renewed then
        remember(lease, started)
        return lease
    end
    forget()
    logger.warn("LEADER", "lost the lease of epoch %d", lease.epoch)
    return nil, "lost the lease of epoch " .. tostring(lease.epoch)
end

local function take(own)
    local started = clock.now()
    local taken, err = store.take(config.node.id, own, TTL)
    if taken == nil then
        return nil, err
    end
    local state, read_err = store.read()
    if state == nil then
        return nil, read_err
    end
    if state.session ~= own then
        return nil, (("standby: " .. state.holder) .. " leads in epoch ") .. string.format("%d", state.epoch)
    end
    local lease = {session = own, epoch = state.epoch}
    remember(lease, started)
    logger.info("LEADER", "%s leads in epoch %d", config.node.id, state.epoch)
    return lease
end

--- The lease, renewed or taken as needed; or nil and the reason why we must not act.
function _M.hold()
    local own = session()
    local epoch = shared_dict.get_number(dict, "lease:epoch")
    if epoch == nil then
        return take(own)
    end
    local lease = {session = own, epoch = epoch}
    local age = clock.now() - (shared_dict.get_number(dict, "lease:renewed") or 0)
    if age >= 0 and age < RENEW_AFTER then
        return lease
    end
    return renew(lease)
end

--- The epoch in which this load balancer leads; nil when it does not.
function _M.epoch()
    return shared_dict.get_number(dict, "lease:epoch")
end
return _M
