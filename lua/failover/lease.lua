-- Generated from src-ts/failover/lease.ts: edit that file, then run npm run build.
-- Holds the leader's lease for this load balancer. The session lives in a shared dict, so that the workers after a
-- reload go on with the same lease and epoch. No clock is compared with another: the leader renews the lease every two
-- of its own seconds before it acts, and a standby takes it when it has seen no renewal for twenty of its own ticks.
local _M = {}
local config = require("config")
local clock = require("lib.clock")
local ____random = require("lib.random")
local random_token = ____random.random_token
local shared_dict = require("lib.shared_dict")
local logger = require("logger")
local store = require("store.lease")
local leader_check = require("failover.leader_check")
local ____standby = require("failover.standby")
local why_standby = ____standby.why_standby
local RENEW_AFTER = 2
--- Seconds for which an answer of the database shows that we could lead.
local ABLE_TTL = 10
--- Seconds that a load balancer which ends keeps off the lease that it has given back.
local ENDING = 5
--- Seconds within which the workers of a configuration that was read run, or do not because nginx went on without it.
local LOADING = 30
local dict = shared_dict.open("cluster_control")
local generation = 0

--- Names this run of the load balancer, not its host: a restart must not inherit the lease of the run before.
local function session()
    local known = shared_dict.get_text(dict, "lease:session")
    if known ~= nil then
        return known
    end
    local fresh = random_token()
    shared_dict.take(dict, "lease:session", fresh, 0)
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

--- What comes of an error of the database: we cannot lead until it answers again, which a follower has to know.
local function unable(err)
    dict.raw:delete("lease:able")
    return nil, err or "the database does not answer"
end

local function renew(lease)
    local started = clock.now()
    local renewed, err = store.renew(lease)
    if renewed == nil then
        return unable(err)
    end
    shared_dict.set(dict, "lease:able", true, ABLE_TTL)
    if renewed then
        remember(lease, started)
        return lease
    end
    forget()
    logger.warn("LEADER", "lost the lease of epoch %d", lease.epoch)
    return nil, "lost the lease of epoch " .. tostring(lease.epoch)
end

--- Notes that the lease is ours since `started`.
local function lead(own, started)
    local state, err = store.read()
    if state == nil then
        return unable(err)
    end
    local lease = {session = own, epoch = state.epoch}
    remember(lease, started)
    leader_check.begin_anew()
    logger.info("LEADER", "%s leads in epoch %d", config.node.id, state.epoch)
    return lease
end

local function take(own)
    local started = clock.now()
    local created, create_err = store.create()
    if created == nil then
        return unable(create_err)
    end
    local state, err = store.read()
    if state == nil then
        return unable(err)
    end
    shared_dict.set(dict, "lease:able", true, ABLE_TTL)
    if state.session == own then
        return lead(own, started)
    end
    local standby = why_standby(state)
    if standby ~= nil then
        return nil, standby
    end
    local taken, take_err = store.take(config.node.id, own, state)
    if taken == nil then
        return unable(take_err)
    end
    if not taken then
        return nil, "standby: another load balancer was faster to take the lease"
    end
    return lead(own, started)
end

--- Counts the configurations that this load balancer has read. Before the workers start: they inherit the number.
function _M.new_generation()
    generation = shared_dict.increment(dict, "generation:read")
    shared_dict.set(dict, "generation:loading", true, LOADING)
end

--- Notes that workers of this configuration run: those of an older one end because of a reload. In each worker.
function _M.start_generation()
    shared_dict.set(dict, "generation", generation)
    dict.raw:delete("generation:loading")
end

--- True while a reload replaces the workers. nginx ends the old ones 0.1 s after it has begun to start the new ones.
local function is_reloading()
    local is_loading = (dict.raw:get("generation:loading")) ~= nil
    return is_loading or shared_dict.get_number(dict, "generation") ~= generation
end

--- Gives the lease of that epoch back.
local function give_back(lease, why)
    forget()
    local released, err = store.release(lease)
    if released == true then
        logger.info(
            "LEADER",
            "%s has given back the lease of epoch %d: %s",
            config.node.id,
            lease.epoch,
            why
        )
    else
        logger.warn("LEADER", "%s", err or "the lease was taken already")
    end
end

--- Gives the lease back when the load balancer ends, not when its workers are replaced. For a worker that exits.
function _M.release()
    local own = shared_dict.get_text(dict, "lease:session")
    local epoch = shared_dict.get_number(dict, "lease:epoch")
    if own == nil or epoch == nil or is_reloading() then
        return
    end
    shared_dict.set(dict, "lease:ending", true, ENDING)
    give_back({session = own, epoch = epoch}, "it ends")
end

--- True for a follower whose leader is back for good.
local function is_leader_back()
    return config.peers.mode == "follower" and leader_check.result().state == "works"
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
    if is_leader_back() then
        give_back(lease, "the leader is back")
        return nil, "standby: the leader is back"
    end
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

--- True while this load balancer leads or could: the database has answered it lately.
function _M.can_lead()
    return (dict.raw:get("lease:able")) ~= nil
end
return _M
