-- Generated from src-ts/failover/leader_check.ts: edit that file, then run npm run build.
-- What a follower knows of its leader. It asks every few seconds; only when the leader has not been able to do its work
-- several times in a row may the follower take the lease, and when the leader is back for good the follower gives it up.
-- Results are shared by the workers, one of which asks.
local _M = {}
local config = require("config")
local clock = require("lib.clock")
local http_client = require("lib.http_client")
local ____identity = require("lib.identity")
local identity_proof = ____identity.identity_proof
local json = require("lib.json")
local ____random = require("lib.random")
local random_token = ____random.random_token
local shared_dict = require("lib.shared_dict")
local logger = require("logger")
local TIMEOUT_MS = 2000
local dict = shared_dict.open("cluster_control")

local function is_proven(____bindingPattern0, challenge)
    local proof
    local node_id
    node_id = ____bindingPattern0.node_id
    proof = ____bindingPattern0.proof
    local ____config_secrets_0 = config.secrets
    local current = ____config_secrets_0.current
    local previous = ____config_secrets_0.previous
    local is_current = proof == identity_proof(current, challenge, node_id)
    return is_current or previous ~= "" and proof == identity_proof(previous, challenge, node_id)
end

--- The answer of a load balancer of our cluster that can lead; or nil and what is wrong with it.
local function judge(____bindingPattern0, challenge)
    local body
    local status
    status = ____bindingPattern0.status
    body = ____bindingPattern0.body
    if status ~= 200 then
        return nil, "answered " .. tostring(status)
    end
    local said = json.decode(body)
    if said == nil or type(said) ~= "table" or type(said.node_id) ~= "string" then
        return nil, "is no load balancer of Uptime Kuma Cluster"
    end
    if said.node_id == config.node.id then
        return nil, "has the UPTIME_KUMA_NODE_ID of this load balancer, " .. config.node.id
    end
    if config.secrets.current ~= "" and not is_proven(said, challenge) then
        return nil, "does not know CLUSTER_SECRET"
    end
    if said.mode ~= "leader" then
        return nil, ("is a " .. said.mode) .. " itself"
    end
    if said.can_lead ~= true then
        return nil, "answers, but cannot lead: it has lost its database"
    end
    return said
end

local function ask(url)
    local peer, peer_err = http_client.peer_of_url(url)
    if peer == nil then
        return nil, peer_err
    end
    local challenge = random_token()
    local headers = ("X-Cluster-Challenge: " .. challenge) .. "\r\n"
    local path = string.gsub(url.path, "/$", "")
    local answer, err = http_client.request(
        "GET",
        peer,
        path .. "/lb/livez",
        TIMEOUT_MS,
        headers
    )
    if answer == nil then
        return nil, err
    end
    return judge(answer, challenge)
end

local function note_success(____bindingPattern0)
    local node_id
    node_id = ____bindingPattern0.node_id
    local count = shared_dict.increment(dict, "peer:successes")
    shared_dict.set(dict, "peer:failures", 0)
    shared_dict.set(dict, "peer:node_id", node_id)
    dict.raw:delete("peer:error")
    if count == config.peers.rise then
        logger.info("LEADER", "the leader %s works", node_id)
    end
end

local function note_failure(reason)
    local count = shared_dict.increment(dict, "peer:failures")
    shared_dict.set(dict, "peer:successes", 0)
    shared_dict.set(dict, "peer:error", reason)
    if count == config.peers.fall then
        logger.warn("LEADER", "the leader fails %d times in a row: %s", count, reason)
    end
end

--- Asks the leader once; the first of several URLs that does its work will do.
function _M.check()
    local failure = "no CLUSTER_PEER_URL"
    for ____, url in ipairs(config.peers.urls) do
        local said, err = ask(url)
        if said ~= nil then
            shared_dict.set(
                dict,
                "peer:checked",
                clock.now()
            )
            note_success(said)
            return
        end
        failure = (url.text .. ": ") .. err
    end
    shared_dict.set(
        dict,
        "peer:checked",
        clock.now()
    )
    note_failure(failure)
end

--- What the checks have come to.
function _M.result()
    local failures = shared_dict.get_number(dict, "peer:failures") or 0
    local successes = shared_dict.get_number(dict, "peer:successes") or 0
    local fails = failures >= config.peers.fall
    local works = successes >= config.peers.rise
    return {
        state = fails and "fails" or (works and "works" or "unknown"),
        node_id = shared_dict.get_text(dict, "peer:node_id"),
        failures = failures,
        last_error = shared_dict.get_text(dict, "peer:error"),
        checked_at = shared_dict.get_number(dict, "peer:checked") or 0
    }
end

--- Has the leader show anew that it works: what it did before the follower took over is no sign of its return.
function _M.begin_anew()
    shared_dict.set(dict, "peer:successes", 0)
end
return _M
