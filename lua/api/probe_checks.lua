-- Generated from src-ts/api/probe_checks.ts: edit that file, then run npm run build.
-- Handlers around checks from several places: what there is, what it came to, add, change and remove.
local _M = {}
local config = require("config")
local json = require("lib.json")
local ____time_text = require("lib.time_text")
local iso_from_sql = ____time_text.iso_from_sql
local regional_checks = require("regional_checks")
local ____request = require("api.request")
local invalid = ____request.invalid
local whole_number = ____request.whole_number
local ____respond = require("api.respond")
local database_lost = ____respond.database_lost
local failure = ____respond.failure
local ok = ____respond.ok
local LARGEST_ID = 4294967295
local RESULTS_DEFAULT = 100
local RESULTS_MAX = 1000

local function render_vote(vote, fresh)
    local ____vote_0 = vote
    local probe_id = ____vote_0.probe_id
    local region = ____vote_0.region
    local status = ____vote_0.status
    local age = ____vote_0.age
    local ping_ms = ____vote_0.ping_ms
    local message = ____vote_0.message
    return {
        probe_id = probe_id,
        region = region,
        status = status,
        at = iso_from_sql(vote.at) or "",
        counts = status ~= "abstain" and age <= fresh,
        ping_ms = ping_ms,
        message = message
    }
end

--- The target without what may be a password.
local function masked(target)
    local shown = {}
    for name, value in pairs(target) do
        shown[name] = name == "body" and "***" or value
    end
    if shown.headers ~= nil then
        local headers = {}
        for name in pairs(shown.headers) do
            headers[name] = "***"
        end
        shown.headers = headers
    end
    return shown
end

local function render(____bindingPattern0, target)
    local fresh
    local outcome
    local votes
    local check
    check = ____bindingPattern0.check
    votes = ____bindingPattern0.votes
    outcome = ____bindingPattern0.outcome
    fresh = ____bindingPattern0.fresh
    local shown = {}
    for ____, vote in ipairs(votes) do
        table.insert(
            shown,
            render_vote(vote, fresh)
        )
    end
    local ____check_1 = check
    local id = ____check_1.id
    local name = ____check_1.name
    local kind = ____check_1.kind
    local interval = ____check_1.interval
    local timeout_ms = ____check_1.timeout_ms
    local quorum = ____check_1.quorum
    local active = ____check_1.active
    local monitor_id = ____check_1.monitor_id
    local verdict = ____check_1.verdict
    return {
        id = id,
        name = name,
        kind = kind,
        target = target,
        interval = interval,
        timeout_ms = timeout_ms,
        regions = check.regions,
        strategy = check.strategy or config.probes.strategy,
        quorum = quorum,
        active = active,
        monitor_id = monitor_id,
        verdict = verdict,
        since = iso_from_sql(check.verdict_since),
        message = check.verdict_message == "" and outcome.message or check.verdict_message,
        votes = json.list(shown)
    }
end

--- GET /lb/probe-checks
function _M.list()
    local found, err = regional_checks.list_checks()
    if found == nil then
        return database_lost(err)
    end
    local checks = {}
    for ____, one in ipairs(found) do
        table.insert(
            checks,
            render(
                one,
                masked(one.check.target)
            )
        )
    end
    local body = {
        checks = json.list(checks),
        default_strategy = config.probes.strategy
    }
    return ok(body)
end

local function of_check(text, answer)
    local id = whole_number(text, 1, LARGEST_ID)
    if id == nil then
        return invalid(
            "The id of a check",
            "a whole number from 1 to " .. string.format("%d", LARGEST_ID)
        )
    end
    local check, err = regional_checks.find_check(id)
    if check ~= nil then
        return answer(check)
    end
    return err == nil and failure(404, "check_not_found", ("There is no check " .. text) .. ".") or database_lost(err)
end

local function answer_with(status, judged, err)
    if judged == nil then
        return failure(
            502,
            "not_taken",
            ("It could not be done: " .. tostring(err)) .. "."
        )
    end
    return {
        status = status,
        body = render(judged, judged.check.target)
    }
end

--- GET /lb/probe-checks/{id}
function _M.get(____bindingPattern0)
    local parameter
    parameter = ____bindingPattern0.parameter
    return of_check(
        parameter,
        function(____bindingPattern0)
            local id
            id = ____bindingPattern0.id
            local judged, err = regional_checks.judged_check(id)
            return judged == nil and database_lost(err) or ok(render(judged, judged.check.target))
        end
    )
end

--- POST /lb/probe-checks
function _M.add(____bindingPattern0)
    local body
    body = ____bindingPattern0.body
    local fields, problem = regional_checks.read_check(body)
    if fields == nil then
        return failure(400, "invalid_parameter", problem .. ".")
    end
    local judged, err = regional_checks.add_check(fields)
    return answer_with(201, judged, err)
end

--- PUT /lb/probe-checks/{id}
function _M.replace(____bindingPattern0)
    local body
    local parameter
    parameter = ____bindingPattern0.parameter
    body = ____bindingPattern0.body
    local fields, problem = regional_checks.read_check(body)
    if fields == nil then
        return failure(400, "invalid_parameter", problem .. ".")
    end
    return of_check(
        parameter,
        function(check)
            local judged, err = regional_checks.replace_check(check, fields)
            return answer_with(200, judged, err)
        end
    )
end

--- DELETE /lb/probe-checks/{id}
function _M.remove(____bindingPattern0)
    local parameter
    parameter = ____bindingPattern0.parameter
    return of_check(
        parameter,
        function(check)
            local removed, err = regional_checks.remove_check(check)
            if removed == nil then
                return answer_with(502, nil, err)
            end
            local body = {id = check.id, removed = true}
            return ok(body)
        end
    )
end

--- GET /lb/probe-checks/{id}/results?limit=<count>
function _M.results(____bindingPattern0)
    local query
    local parameter
    parameter = ____bindingPattern0.parameter
    query = ____bindingPattern0.query
    local limit = whole_number(
        query.limit or tostring(RESULTS_DEFAULT),
        1,
        RESULTS_MAX
    )
    if limit == nil then
        return invalid(
            "limit",
            "a whole number from 1 to " .. tostring(RESULTS_MAX)
        )
    end
    return of_check(
        parameter,
        function(check)
            local found, err = regional_checks.results_of(check.id, limit)
            if found == nil then
                return database_lost(err)
            end
            local by_region = {}
            local regions = {}
            for ____, vote in ipairs(found) do
                local list_of = by_region[vote.region] or ({})
                if by_region[vote.region] == nil then
                    by_region[vote.region] = list_of
                    table.insert(regions, {region = vote.region, results = list_of})
                end
                table.insert(
                    list_of,
                    render_vote(
                        vote,
                        regional_checks.freshness(check)
                    )
                )
            end
            local body = {regions = json.list(regions)}
            return ok(body)
        end
    )
end
return _M
