-- Generated from src-ts/regions/probe_service.ts: edit that file, then run npm run build.
-- What probes ask for and bring: a session, what to check, a place for their results.
local _M = {}
local ____random = require("lib.random")
local random_token = ____random.random_token
local ____text = require("lib.text")
local hex = ____text.hex
local checks_store = require("store.checks")
local probes_store = require("store.probes")
local ____revisions = require("store.revisions")
local read_revisions = ____revisions.revisions
local votes_store = require("store.votes")
local evaluation = require("regions.evaluation")
local ____incoming = require("regions.incoming")
local sort_results = ____incoming.sort_results
local node_service = require("regions.node_service")
--- Seconds between two looks of a probe at its assignments.
_M.REFRESH = 30
--- Seconds without a word after which a probe counts as away.
local AWAY_AFTER = 90

--- Notes a probe that begins, and gives it a session.
function _M.register(fields)
    local session = random_token()
    local ____fields_0 = fields
    local probe_id = ____fields_0.probe_id
    local name = ____fields_0.name
    if name == nil then
        name = ""
    end
    local region = ____fields_0.region
    local version = ____fields_0.version
    local done, err = probes_store.register(
        probe_id,
        name,
        region,
        version,
        session
    )
    if done == nil then
        return nil, err
    end
    return session
end

--- The probe of this id and session; nil without an error when there is none.
function _M.find_probe(probe_id, session)
    local probe, err = probes_store.find(probe_id)
    if probe == nil or probe.session ~= session then
        return nil, err
    end
    return probe
end

--- What that probe has to check now. It is noted as here.
function _M.assignments_of(probe)
    local ____, touch_err = probes_store.touch(probe.probe_id)
    if touch_err ~= nil then
        return nil, touch_err
    end
    local checks, err = checks_store.list_active()
    if checks == nil then
        return nil, err
    end
    local assignments, node_err = node_service.assignments_of(probe.probe_id)
    if assignments == nil then
        return nil, node_err
    end
    for ____, check in ipairs(checks) do
        if evaluation.is_asked(check, probe.region) then
            local id = check.id
            local kind = check.kind
            local target = check.target
            local interval = check.interval
            local timeout_ms = check.timeout_ms
            local revision = check.modified
            table.insert(assignments, {
                id = id,
                kind = kind,
                target = target,
                interval = interval,
                timeout_ms = timeout_ms,
                revision = revision
            })
        end
    end
    local versions = {}
    for ____, ____value in ipairs(assignments) do
        local id = ____value.id
        local interval = ____value.interval
        local revision = ____value.revision
        table.insert(
            versions,
            (((string.format("%d", id) .. " ") .. revision) .. " ") .. tostring(interval)
        )
    end
    return {
        checks = assignments,
        tag = hex(ngx.sha1_bin(table.concat(versions, "\n")))
    }
end

--- All that results may be about.
local function subjects()
    local revisions, err = read_revisions()
    if revisions == nil then
        return nil, err
    end
    local found, nodes_err = node_service.subjects()
    if found == nil then
        return nil, nodes_err
    end
    for id, revision in pairs(revisions) do
        found[id] = {revision = revision}
    end
    return found
end

--- Stores what a probe sends, and that it is here.
--
-- @returns what was made of it; or nil and what is wrong with it; or nil, nil and why the database did not take it
function _M.take_results(probe, given)
    local known, err = subjects()
    if known == nil then
        return nil, nil, err
    end
    local sorted, problem = sort_results(given, probe.last_seq, known)
    if sorted == nil then
        return nil, problem
    end
    local ____sorted_1 = sorted
    local results = ____sorted_1.results
    local of_nodes = ____sorted_1.of_nodes
    local last_seq = ____sorted_1.last_seq
    local ignored = ____sorted_1.ignored
    local ____probe_2 = probe
    local probe_id = ____probe_2.probe_id
    local session = ____probe_2.session
    local seen = ____probe_2.last_seq
    local stored, store_err = votes_store.store(
        probe_id,
        session,
        seen,
        last_seq,
        results,
        of_nodes
    )
    if stored == nil then
        return nil, nil, store_err
    end
    local fresh = #results + #of_nodes
    return stored and ({accepted = fresh, ignored = ignored}) or ({accepted = 0, ignored = ignored + fresh})
end

--- All probes, by region.
function _M.list_probes()
    return probes_store.list()
end

--- True while a probe is heard of.
function _M.is_here(probe)
    return probe.seen_age <= AWAY_AFTER
end
return _M
