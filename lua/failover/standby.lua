-- Generated from src-ts/failover/standby.ts: edit that file, then run npm run build.
-- Why a load balancer stands by and does not take the lease.
local _M = {}
local config = require("config")
local clock = require("lib.clock")
local shared_dict = require("lib.shared_dict")
local leader_check = require("failover.leader_check")
--- Looks of a standby, one in TICK seconds, without a renewal after which it takes the lease.
local TICKS = 20
local TICK = 0.45
local dict = shared_dict.open("cluster_control")

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

--- Why a follower leaves a free lease to its leader; nil when it may take it.
local function why_reserved(state)
    if config.peers.mode ~= "follower" then
        return nil
    end
    local leader = leader_check.result()
    local is_goodbye = state.session == "" and state.epoch > 0 and state.holder == leader.node_id
    if is_goodbye or leader.state == "fails" then
        return nil
    end
    return leader.last_error == nil and ("standby: a follower, and " .. (leader.node_id or "the leader")) .. " works" or (("standby: a follower, and the leader fails for the " .. tostring(leader.failures)) .. ". time: ") .. leader.last_error
end

--- Why the lease is not to be taken as it stands, as a sentence; nil when it may be.
function _M.why_standby(state)
    if not is_free(state) then
        return (("standby: " .. state.holder) .. " leads in epoch ") .. string.format("%d", state.epoch)
    end
    return why_reserved(state)
end
return _M
