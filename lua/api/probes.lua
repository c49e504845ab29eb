-- Generated from src-ts/api/probes.ts: edit that file, then run npm run build.
-- Handlers that probes call: they register, fetch what to check, send what it came to.
local _M = {}
local json = require("lib.json")
local ____fields = require("lib.fields")
local is_line = ____fields.is_line
local is_name = ____fields.is_name
local NAME = ____fields.NAME
local read_fields = ____fields.read_fields
local ____time_text = require("lib.time_text")
local iso_from_sql = ____time_text.iso_from_sql
local regional_checks = require("regional_checks")
local ____request = require("api.request")
local invalid = ____request.invalid
local ____respond = require("api.respond")
local database_lost = ____respond.database_lost
local failure = ____respond.failure
local ok = ____respond.ok
local ____view = require("api.view")
local milliseconds = ____view.milliseconds
local REGISTER = {
    {name = "probe_id", verify = is_name, allowed = NAME, required = true},
    {
        name = "name",
        verify = is_line(100),
        allowed = "a text of up to 100 bytes"
    },
    {
        name = "region",
        verify = function(value) return value == "" or is_name(value) end,
        allowed = "a name or empty",
        required = true
    },
    {
        name = "version",
        verify = is_line(64),
        allowed = "a text of up to 64 bytes",
        required = true
    }
}

--- POST /lb/probes/register
function _M.register(____bindingPattern0)
    local given
    given = ____bindingPattern0.body
    local fields, problem = read_fields(given, REGISTER)
    if fields == nil then
        return failure(400, "invalid_parameter", problem .. ".")
    end
    local ____fields_0 = fields
    local probe_id = ____fields_0.probe_id
    local session, err = regional_checks.register(fields)
    if session == nil then
        return database_lost(err)
    end
    local body = {probe_id = probe_id, session = session}
    return ok(body)
end

local function of_probe(probe_id, session, answer)
    if type(probe_id) ~= "string" or type(session) ~= "string" then
        return invalid("probe_id and session", "those of POST /lb/probes/register")
    end
    local probe, err = regional_checks.find_probe(probe_id, session)
    if probe ~= nil then
        return answer(probe)
    end
    return err == nil and failure(409, "unknown_session", "That session is not, or no longer, known: register again.") or database_lost(err)
end

--- GET /lb/probes/assignments?probe=<id>&session=<session>
function _M.assignments(____bindingPattern0)
    local if_none_match
    local query
    query = ____bindingPattern0.query
    if_none_match = ____bindingPattern0.if_none_match
    return of_probe(
        query.probe,
        query.session,
        function(probe)
            local found, err = regional_checks.assignments_of(probe)
            if found == nil then
                return database_lost(err)
            end
            local headers = {ETag = ("\"" .. found.tag) .. "\""}
            if if_none_match == headers.ETag then
                return {status = 304, body = "", content_type = "application/json", headers = headers}
            end
            local body = {
                checks = json.list(found.checks),
                refresh = regional_checks.REFRESH
            }
            return {status = 200, body = body, headers = headers}
        end
    )
end

--- POST /lb/probes/results
function _M.results(____bindingPattern0)
    local given
    given = ____bindingPattern0.body
    return of_probe(
        given.probe_id,
        given.session,
        function(probe)
            local body, problem, err = regional_checks.take_results(probe, given.results)
            if body ~= nil then
                return ok(body)
            end
            return problem == nil and database_lost(err or "unknown") or failure(400, "invalid_parameter", problem .. ".")
        end
    )
end

local function render_votes(votes)
    local rendered = {}
    for ____, ____value in ipairs(votes) do
        local vote = ____value.vote
        local counts = ____value.counts
        local ____vote_1 = vote
        local node_id = ____vote_1.node_id
        local age = ____vote_1.age
        local message = ____vote_1.message
        table.insert(
            rendered,
            {
                node_id = node_id,
                vote = vote.vote,
                age_seconds = milliseconds(age),
                message = message,
                counts = counts
            }
        )
    end
    return json.list(rendered)
end

--- GET /lb/probes
function _M.list()
    local found, err = regional_checks.list_probes()
    if found == nil then
        return database_lost(err)
    end
    local votes, votes_err = regional_checks.votes_by_probe()
    if votes == nil then
        return database_lost(votes_err)
    end
    local probes = {}
    for ____, probe in ipairs(found) do
        local probe_id = probe.probe_id
        local name = probe.name
        local region = probe.region
        local version = probe.version
        table.insert(
            probes,
            {
                probe_id = probe_id,
                name = name,
                region = region,
                version = version,
                registered_at = iso_from_sql(probe.registered_at) or "",
                last_seen = iso_from_sql(probe.last_seen) or "",
                here = regional_checks.is_here(probe),
                nodes = render_votes(votes[probe_id] or ({}))
            }
        )
    end
    local body = {probes = json.list(probes)}
    return ok(body)
end
return _M
