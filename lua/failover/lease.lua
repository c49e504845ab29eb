-- Generated from src-ts/failover/lease.ts: edit that file, then run npm run build.
-- Holds the leader's lease for this load balancer. The session lives in a shared dict, so that the workers after a
-- reload go on with the same lease and epoch. No clock is compared with another: the leader renews the lease every two
-- of its own seconds before it acts, and a standby takes it when it has seen no renewal for twenty of its own ticks.
local _M = {}
local config = require("config")
local clock = require("lib.clock")
local shared_dict = require("lib.shared_dict")
local logger = require("logger")
local store = require("store.lease")
--- Looks of a standby, one in TICK seconds, without a renewal after which it takes the lease.
local TICKS = 20
local TICK = 0.45
local RENEW_AFTER = 2
--- Seconds that a load balancer which ends keeps off the lease that it has given back.
local ENDING = 5
local dict = shared_dict.open("health_checker")
local generation = 0

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

--- Whether the lease may be taken: nobody holds it, or its holder has not renewed it for TICKS looks of ours.
local function is_free(state)
    if state.session == "" then
        return true
    end
    local seen = (((state.session .. " ") .. string.format("%d", state.epoch)) .. " ") .. state.renewed_at
    if shared_dict.get_text(dict, "lease:seen") ~= seen then
        shared_dict.set(dict, "lease:seen", seen)
        shared_dict.set(dict, "lease:ticks", 0)
        return false
    end
    local now = clock.now()
    if math.abs(now - (shared_dict.get_number(dict, "lease:ticked") or 0)) < TICK then
        return false
    end
    shared_dict.set(dict, "lease:ticked", now)
    return shared_dict.increment(dict, "lease:ticks") >= TICKS
end

--- Notes that the lease is ours since `started`.
local function lead(own, started)
    local state, err = store.read()
    if state == nil then
        return nil, err
    end
    local lease = {session = own, epoch = state.epoch}
    remember(lease, started)
    logger.info("LEADER", "%s leads in epoch %d", config.node.id, state.epoch)
    return lease
end

local function take(own)
    local started = clock.now()
    local created, create_err = store.create()
    if created == nil then
        return nil, create_err
    end
    local state, err = store.read()
    if state == nil then
        return nil, err
    end
    if state.session == own then
        return lead(own, started)
    end
    if not is_free(state) then
        return nil, (("standby: " .. state.holder) .. " leads in epoch ") .. string.format("%d", state.epoch)
    end
    local taken, take_err = store.take(config.node.id, own, state)
    if taken == nil then
        return nil, take_err
    end
    if not taken then
        return nil, "standby: another load balancer was faster to take the lease"
    end
    return lead(own, started)
end

--- Counts the configurations that this load balancer has read. Before the workers start: they inherit the number.
function _M.new_generation()
    generation = shared_dict.increment(dict, "generation:read")
end

--- Notes that workers of this configuration run: those of an older one end because of a reload. In each worker.
function _M.start_generation()
    shared_dict.set(dict, "generation", generation)
end

--- Gives the lease back when the load balancer ends, not when its workers are replaced. For a worker that exits.
function _M.release()
    local own = shared_dict.get_text(dict, "lease:session")
    local epoch = shared_dict.get_number(dict, "lease:epoch")
    if own == nil or epoch == nil or shared_dict.get_number(dict, "generation") ~= generation then
        return
    end
    shared_dict.set(dict, "lease:ending", true, ENDING)
    forget()
    local released, err = store.release({session = own, epoch = epoch})
    if released == true then
        logger.info("LEADER", "%s has given back the lease of epoch %d", config.node.id, epoch)
    else
        logger.warn("LEADER", "%s", err or "the lease was taken already")
    end
end

--- The lease, renewed or taken as needed; or nil and the reason why we must not act.
function _M.hold()
    if (dict.raw:get("lease:ending")) ~= nil then
        return nil, "the load balancer ends"
    end
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
