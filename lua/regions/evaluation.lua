-- Generated from src-ts/regions/evaluation.ts: edit that file, then run npm run build.
-- Makes one verdict of what the probes say of each check, and tells Uptime Kuma: at once when it changes, else once in an
-- interval, as a push monitor wants it. Only the leader does it; a verdict carries its lease, and one that is told twice
-- after a take-over is one beat too many and no alert.
local _M = {}
local config = require("config")
local shared_dict = require("lib.shared_dict")
local logger = require("logger")
local checks_store = require("store.checks")
local events = require("store.events")
local votes_store = require("store.votes")
local ____aggregate = require("regions.aggregate")
local aggregate = ____aggregate.aggregate
local ____push_beat = require("regions.push_beat")
local tell_kuma = ____push_beat.tell_kuma
--- Intervals after which a vote counts no more.
local FRESH_INTERVALS = 3
local dict = shared_dict.open("health_checker")

--- Seconds for which a result for this check counts.
function _M.freshness(check)
    return check.interval * FRESH_INTERVALS + check.timeout_ms / 1000
end

--- True when the check is for probes of that region.
function _M.is_asked(check, region)
    if check.regions == nil then
        return true
    end
    for ____, wanted in ipairs(check.regions) do
        if wanted == region then
            return true
        end
    end
    return false
end

--- The votes of those probes that the check is for.
function _M.ballots_of(check, votes)
    local ballots = {}
    for ____, ____value in ipairs(votes) do
        local probe_id = ____value.probe_id
        local region = ____value.region
        local status = ____value.status
        local age = ____value.age
        local ping_ms = ____value.ping_ms
        local message = ____value.message
        if _M.is_asked(check, region) then
            table.insert(ballots, {
                probe_id = probe_id,
                region = region,
                vote = status,
                age = age,
                ping_ms = ping_ms,
                message = message
            })
        end
    end
    return ballots
end

--- What the votes for a check come to.
function _M.outcome_of(check, votes)
    local strategy = check.strategy or config.probes.strategy
    return aggregate(
        _M.ballots_of(check, votes),
        {
            strategy = strategy,
            quorum = check.quorum,
            fresh = _M.freshness(check)
        }
    )
end

--- Votes by check.
function _M.by_check(votes)
    local sorted = {}
    for ____, vote in ipairs(votes) do
        local list = sorted[vote.check_id] or ({})
        table.insert(list, vote)
        sorted[vote.check_id] = list
    end
    return sorted
end

local function note_change(check, outcome, lease)
    local noted, err = checks_store.set_verdict(check, outcome.verdict, outcome.message, lease)
    if noted ~= true or check.verdict == outcome.verdict then
        if noted == nil then
            return nil, err
        end
        return noted
    end
    logger.info(
        "REGIONS",
        "%s: %s -> %s: %s",
        check.name,
        check.verdict,
        outcome.verdict,
        outcome.message
    )
    return events.append(
        "check." .. outcome.verdict,
        "",
        lease.epoch,
        config.node.id,
        {check_id = check.id, name = check.name, from = check.verdict, message = outcome.message}
    )
end

local function push_key(check)
    return "check:" .. string.format("%d", check.id)
end

local function evaluate(check, outcome, lease)
    local has_changed = outcome.verdict ~= check.verdict
    if has_changed or outcome.message ~= check.verdict_message then
        local noted, err = note_change(check, outcome, lease)
        if noted == nil then
            return nil, err
        end
        if not noted then
            return false
        end
    end
    if has_changed then
        dict.raw:delete(push_key(check))
    end
    if outcome.verdict ~= "unknown" and check.monitor_id ~= nil then
        if shared_dict.take(
            dict,
            push_key(check),
            true,
            check.interval
        ) then
            tell_kuma(
                check.monitor_id,
                outcome,
                function()
                    dict.raw:delete(push_key(check))
                end
            )
        end
    end
    return true
end

--- One look at all checks that are switched on.
function _M.evaluate_all(lease)
    local checks, err = checks_store.list_active()
    if checks == nil then
        return nil, err
    end
    if #checks == 0 then
        return true
    end
    local votes, votes_err = votes_store.votes()
    if votes == nil then
        return nil, votes_err
    end
    local sorted = _M.by_check(votes)
    for ____, check in ipairs(checks) do
        local ____, check_err = evaluate(
            check,
            _M.outcome_of(check, sorted[check.id] or ({})),
            lease
        )
        if check_err ~= nil then
            return nil, check_err
        end
    end
    return true
end
return _M
