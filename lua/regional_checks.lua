-- Generated from src-ts/regional_checks.ts: edit that file, then run npm run build.
-- Checks from several places: probes that register, fetch what to check and send results, and what these come to. Works on
-- any load balancer: all of it is in the database, and the one that leads makes verdicts of it.
local _M = {}
local evaluation = require("regions.evaluation")
local kuma_monitor = require("regions.kuma_monitor")
local checks_store = require("store.checks")
local votes_store = require("store.votes")
do
    local ____check_input = require("regions.check_input")
    _M.read_check = ____check_input.read_check
end
do
    local ____evaluation = require("regions.evaluation")
    _M.freshness = ____evaluation.freshness
end
do
    local ____probe_service = require("regions.probe_service")
    _M.assignments_of = ____probe_service.assignments_of
    _M.find_probe = ____probe_service.find_probe
    _M.is_here = ____probe_service.is_here
    _M.list_probes = ____probe_service.list_probes
    _M.REFRESH = ____probe_service.REFRESH
    _M.register = ____probe_service.register
    _M.take_results = ____probe_service.take_results
end
do
    local ____node_service = require("regions.node_service")
    _M.votes_by_probe = ____node_service.votes_by_probe
end

local function judged(check, votes)
    local outcome = evaluation.outcome_of(check, votes)
    return {
        check = check,
        votes = votes,
        outcome = outcome,
        fresh = evaluation.freshness(check)
    }
end

--- All checks with their votes, in the order of their ids.
function _M.list_checks()
    local checks, err = checks_store.list()
    if checks == nil then
        return nil, err
    end
    local votes, votes_err = votes_store.votes()
    if votes == nil then
        return nil, votes_err
    end
    local sorted = evaluation.by_check(votes)
    local list = {}
    for ____, check in ipairs(checks) do
        table.insert(
            list,
            judged(check, sorted[check.id] or ({}))
        )
    end
    return list
end

--- One check; nil without an error when there is none of this id.
function _M.find_check(id)
    return checks_store.find(id)
end

--- The latest results for a check, newest first.
function _M.results_of(id, limit)
    return votes_store.results_of(id, limit)
end

--- One check with its votes.
function _M.judged_check(id)
    local checks, err = _M.list_checks()
    for ____, one in ipairs(checks or ({})) do
        if one.check.id == id then
            return one
        end
    end
    return nil, err or ("check " .. string.format("%d", id)) .. " is gone"
end

local function no_monitor()
    return false
end

local function give_monitor(id, fields)
    local monitor_id, err = kuma_monitor.create(fields)
    if monitor_id == nil then
        return nil, err
    end
    return checks_store.set_monitor(id, monitor_id)
end

--- Adds a check and its push monitor; nil and why Uptime Kuma, or the database, did not take it.
function _M.add_check(fields)
    local id, err = checks_store.add(fields)
    if id == nil then
        return nil, err
    end
    local ____, monitor_err = give_monitor(id, fields)
    if monitor_err ~= nil then
        checks_store.remove(id)
        return nil, monitor_err
    end
    return _M.judged_check(id)
end

--- Replaces a check; its push monitor follows, or is made anew when somebody has deleted it.
--
-- @returns nil and why Uptime Kuma, or the database, did not take it
function _M.replace_check(check, fields)
    local ____check_0 = check
    local id = ____check_0.id
    local monitor_id = ____check_0.monitor_id
    local is_there, err = unpack(
        monitor_id == nil and ({no_monitor()}) or ({kuma_monitor.update(monitor_id, fields)}),
        1,
        2
    )
    if is_there == nil then
        return nil, err
    end
    local ____, replace_err = checks_store.replace(id, fields)
    if replace_err ~= nil then
        return nil, replace_err
    end
    local ____, monitor_err = unpack(
        is_there and ({no_monitor()}) or ({give_monitor(id, fields)}),
        1,
        2
    )
    if monitor_err == nil then
        return _M.judged_check(id)
    end
    return nil, monitor_err
end

--- Removes a check, its push monitor and all that was said of it.
function _M.remove_check(____bindingPattern0)
    local monitor_id
    local id
    id = ____bindingPattern0.id
    monitor_id = ____bindingPattern0.monitor_id
    local ____, err = unpack(
        monitor_id == nil and ({no_monitor()}) or ({kuma_monitor.remove(monitor_id)}),
        1,
        2
    )
    if err == nil then
        return checks_store.remove(id)
    end
    return nil, err
end
return _M
