-- Generated from src-ts/regions/evaluation.ts: edit that file, then run npm run build.
-- Makes one verdict of what the probes say of each check, and tells Uptime Kuma: at once when it changes, else once in an
-- interval, as a push monitor wants it. Only the leader does it; a verdict carries its lease, and one that is told twice
-- after a take-over is one beat too many and no alert.
local _M = {}
local config = require("config")
local group = require("lib.group")
local logger = require("logger")
local checks_store = require("store.checks")
local events = require("store.events")
local votes_store = require("store.votes")
local ____aggregate = require("regions.aggregate")
local aggregate = ____aggregate.aggregate
local fresh_for = ____aggregate.fresh_for
local push_beats = require("regions.push_beats")
local told = require("regions.told")

--- Seconds for which a result for this check counts.
function _M.freshness(check)
    return fresh_for(check.interval, check.timeout_ms)
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
        group.add(sorted, vote.check_id, vote)
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
        {check_id = check.id, from = check.verdict, message = outcome.message}
    )
end

--- The beat that Uptime Kuma is to get now; nil when there is none, or the verdict is not ours to tell.
local function evaluate(check, outcome, lease)
    local ____outcome_0 = outcome
    local verdict = ____outcome_0.verdict
    local message = ____outcome_0.message
    local ping_ms = ____outcome_0.ping_ms
    if verdict ~= check.verdict or message ~= check.verdict_message then
        local noted, err = note_change(check, outcome, lease)
        if noted == nil then
            return nil, err
        end
        if not noted then
            return false
        end
    end
    local ____check_1 = check
    local check_id = ____check_1.id
    local monitor_id = ____check_1.monitor_id
    local interval = ____check_1.interval
    if verdict == "unknown" or monitor_id == nil then
        return false
    end
    local beat = {
        check_id = check_id,
        monitor_id = monitor_id,
        interval = interval,
        verdict = verdict,
        message = message,
        ping_ms = ping_ms,
        epoch = lease.epoch
    }
    return told.begin(beat) and beat
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
    local beats = {}
    local failure
    for ____, check in ipairs(checks) do
        local beat, check_err = evaluate(
            check,
            _M.outcome_of(check, sorted[check.id] or ({})),
            lease
        )
        if beat == nil then
            failure = check_err
            break
        end
        if beat ~= false then
            table.insert(beats, beat)
        end
    end
    push_beats.send(beats, lease)
    if failure ~= nil then
        return nil, failure
    end
    return true
end
return _M
