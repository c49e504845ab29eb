-- Generated from src-ts/failover/assessment.ts: edit that file, then run npm run build.
-- Checks the nodes that are due and says what each result means; changes nothing but the health records.
local _M = {}
local config = require("config")
local clock = require("lib.clock")
local suspects = require("store.suspects")
local lease_holder = require("failover.lease")
local node_check = require("failover.node_check")
local records = require("failover.records")
local ____verdict = require("failover.verdict")
local follow_wish = ____verdict.follow_wish
local is_in_doubt = ____verdict.is_in_doubt
local judge = ____verdict.judge
--- Milliseconds for the check of a node in doubt: a node that hangs must not hold up the round of the others.
local FAST_TIMEOUT_MS = 2000

--- The record of a node. What was counted before another one led, or the database was away, says nothing of now.
local function record_of(node_id)
    local record = records.get(node_id)
    local epoch = lease_holder.epoch()
    local ____config_health_check_0 = config.health_check
    local interval = ____config_health_check_0.interval
    local timeout = ____config_health_check_0.timeout
    if record.epoch ~= epoch then
        record.epoch = epoch
        record.successes = 0
        record.failures = 0
        record.next_check = 0
    elseif clock.now() - record.last_check > interval + 2 * timeout / 1000 + 5 then
        record.successes = 0
        record.failures = 0
    end
    return record
end

--- A node that says itself that it is new, or has come back, is not made to wait for what was planned for it before.
local function is_due(node, record)
    local now = clock.now()
    local is_waiting = is_in_doubt(node.status, record.failures)
    if now < record.last_check then
        return true
    end
    return now >= record.next_check or is_waiting and now >= record.last_check + config.health_check.fast_interval
end

--- Read once for a round: nobody else writes them meanwhile, and with many nodes it is most of a quiet round's work.
local function records_of(nodes)
    local found = {}
    for ____, ____value in ipairs(nodes) do
        local node_id = ____value.node_id
        found[node_id] = record_of(node_id)
    end
    return found
end

local function targets(nodes, known, forced)
    local due = {}
    for ____, node in ipairs(nodes) do
        local record = known[node.node_id]
        local running = node_check.is_running(node.node_id)
        local reported = not running and suspects.take(node.node_id)
        if not running and (forced or reported or is_due(node, record)) then
            local doubtful = reported or is_in_doubt(node.status, record.failures)
            local ____config_health_check_1 = config.health_check
            local timeout = ____config_health_check_1.timeout
            table.insert(
                due,
                {
                    node_id = node.node_id,
                    host = node.host,
                    timeout_ms = doubtful and math.min(timeout, FAST_TIMEOUT_MS) or timeout
                }
            )
        end
    end
    return due
end

--- True when the node has not written its heartbeat for too long, although the database was there all the time.
function _M.is_silent(node, database_age)
    local limit = config.health_check.offline_after
    return node.seen_age ~= nil and node.seen_age > limit and database_age > limit
end

local function observe(node, result, database_age)
    if result.ok and _M.is_silent(node, database_age) then
        return {
            ok = false,
            reason = ("answers, but its own heartbeat is " .. tostring(math.floor(node.seen_age or 0))) .. " s old"
        }
    end
    return result
end

local function note(record, result, seen)
    local now = clock.now()
    record.checks = record.checks + 1
    record.last_check = now
    record.latency_ms = result.latency_ms
    records.count("checks")
    if seen.ok then
        record.last_success = now
        return
    end
    record.failed_checks = record.failed_checks + 1
    record.last_failure = now
    record.last_error = seen.reason
    records.count("failed_checks")
end

local function judge_node(node, record, result, database_age)
    local seen = observe(node, result, database_age)
    record.answers = result.ok
    note(record, result, seen)
    local verdict = judge(node.status, record, seen, config.health_check)
    record.successes = verdict.successes
    record.failures = verdict.failures
    local ____config_health_check_2 = config.health_check
    local interval = ____config_health_check_2.interval
    local fast_interval = ____config_health_check_2.fast_interval
    record.next_check = result.started + (is_in_doubt(verdict.status, verdict.failures) and fast_interval or interval) - 0.2
    records.put(record)
    if seen.ok then
        suspects.absolve(node.node_id)
    end
    local ____temp_3
    if verdict.status == node.status then
        ____temp_3 = nil
    else
        ____temp_3 = {node = node, to = verdict.status, reason = verdict.reason}
    end
    return ____temp_3
end

--- What the check and the operator's wish make of a node's status; nil when it stays.
local function decide(node, checked)
    local wish = follow_wish(checked and checked.to or node.status, node.drained_at ~= nil)
    if wish == nil then
        return checked
    end
    local ____temp_6
    if wish.status == node.status then
        ____temp_6 = nil
    else
        ____temp_6 = {node = node, to = wish.status, reason = wish.reason}
    end
    return ____temp_6
end

--- Checks the nodes that are due, all of them when `forced`. `database_age`: see database_clock.
function _M.assess(nodes, forced, database_age)
    local known = records_of(nodes)
    node_check.start_all(
        targets(nodes, known, forced),
        forced
    )
    local transitions = {}
    local sightings = {}
    for ____, node in ipairs(nodes) do
        local record = known[node.node_id]
        local result = node_check.collect(node.node_id)
        local ____temp_7
        if result == nil then
            ____temp_7 = nil
        else
            ____temp_7 = judge_node(node, record, result, database_age)
        end
        local checked = ____temp_7
        local transition = decide(node, checked)
        if transition ~= nil then
            table.insert(transitions, transition)
        end
        table.insert(
            sightings,
            {
                node_id = node.node_id,
                status = node.status,
                failures = record.failures,
                silent = _M.is_silent(node, database_age) and record.answers ~= true
            }
        )
    end
    return {transitions = transitions, sightings = sightings}
end
return _M
