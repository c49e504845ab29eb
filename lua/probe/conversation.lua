-- Generated from src-ts/probe/conversation.ts: edit that file, then run npm run build.
-- What a probe says to its leader, one thing after the other: it registers, asks what to check, hands in results. After a
-- failure it waits, longer each time, and never as long as another one.
local _M = {}
local config = require("config")
local clock = require("lib.clock")
local json = require("lib.json")
local turn = require("lib.turn")
local ____version = require("lib.version")
local VERSION = ____version.VERSION
local logger = require("logger")
local assignments = require("probe.assignments")
local buffer = require("probe.buffer")
local leader = require("probe.leader")
local state = require("probe.state")
--- Results of one request.
local BATCH = 500
--- Seconds of the first wait after a failure, of the longest one, and while the leader refuses us.
local FIRST_WAIT = 1
local LONGEST_WAIT = 15
local REFUSED_WAIT = 30
local failures = 0
local next_try = 0

local function failed(is_refused)
    return is_refused and "slow" or "failed"
end

--- The leader has forgotten us, or another probe has our name: both are told in one line, once.
local function forget_session()
    logger.warn("PROBE", "the leader does not know this registration any more; registering anew. If that goes on, another probe is called %s too", config.node.id)
    state.set_session(nil)
    assignments.make_due()
    return "failed"
end

local function register()
    local ____config_probes_0 = config.probes
    local region = ____config_probes_0.region
    local name = ____config_probes_0.name
    local body = {probe_id = config.node.id, region = region, version = VERSION}
    if name ~= "" then
        body.name = name
    end
    local answer, ____, is_refused = leader.ask({method = "POST", path = "probes/register", body = body})
    if answer == nil then
        return failed(is_refused)
    end
    local said = json.decode(answer.body)
    if answer.status >= 400 or type(said) ~= "table" or type(said.session) ~= "string" then
        logger.error(
            "PROBE",
            "cannot register: the leader answered %d: %s",
            answer.status,
            string.sub(answer.body, 1, 200)
        )
        return "slow"
    end
    state.set_session(said.session)
    assignments.make_due()
    logger.info("PROBE", "registered as %s in %s", config.node.id, region == "" and "no region" or region)
    return "done"
end

local function fetch_assignments(session)
    local etag = assignments.known_etag()
    local headers = etag == nil and ({}) or ({["If-None-Match"] = etag})
    local path = assignments.path_of(session)
    local answer, ____, is_refused = leader.ask({method = "GET", path = path, headers = headers})
    if answer == nil then
        return failed(is_refused)
    end
    if answer.status == 409 then
        return forget_session()
    end
    local is_same = answer.status == 304
    local text = (is_same or answer.status == 200) and answer.body or ""
    local ____assignments_note_2 = assignments.note
    local ____is_same_1
    if is_same then
        ____is_same_1 = nil
    else
        ____is_same_1 = text
    end
    local problem = ____assignments_note_2(____is_same_1, answer.headers.etag)
    if problem ~= nil then
        logger.error("PROBE", "%s; the leader answered %d", problem, answer.status)
    end
    return "done"
end

--- The results that the leader has taken, or will never take, are ours no more.
local function settle(answer, results)
    if answer.status == 409 then
        return forget_session()
    end
    if answer.status >= 400 then
        local text = string.sub(answer.body, 1, 200)
        logger.error(
            "PROBE",
            "%d results are lost: the leader answered %d: %s",
            #results,
            answer.status,
            text
        )
    end
    local ____buffer_drop_through_5 = buffer.drop_through
    local ____opt_3 = results[#results]
    ____buffer_drop_through_5(____opt_3 and ____opt_3.seq or 0)
    return "done"
end

local function send_results(session)
    do
        while true do
            local results = buffer.peek(BATCH)
            if #results == 0 then
                return "done"
            end
            local body = {probe_id = config.node.id, session = session, results = results}
            local answer, ____, is_refused = leader.ask({method = "POST", path = "probes/results", body = body})
            local attempt = answer == nil and failed(is_refused) or settle(answer, results)
            if attempt ~= "done" then
                return attempt
            end
            if #results < BATCH then
                buffer.note_empty()
                return "done"
            end
        end
    end
end

local function attempt()
    if state.session() == nil then
        local registered = register()
        if registered ~= "done" then
            return registered
        end
    end
    local session = state.session() or ""
    local sent = send_results(session)
    return sent == "done" and assignments.is_due() and fetch_assignments(session) or sent
end

--- Seconds to wait after so many failures in a row; half of them are left to chance.
local function wait_after(count)
    local longest = math.min(
        LONGEST_WAIT,
        FIRST_WAIT * 2 ^ math.min(count - 1, 10)
    )
    return longest * (0.5 + 0.5 * math.random())
end

--- Once in a worker: probes that start together, after a power cut for example, do not all come at once.
function _M.begin()
    next_try = clock.monotonic() + FIRST_WAIT * math.random()
end

--- Says what there is to say, when this worker is the one that checks; once a second.
function _M.go_on()
    if not turn.is_ours(state.TURN) or clock.monotonic() < next_try then
        return
    end
    local result = attempt()
    failures = result == "done" and 0 or failures + 1
    if result == "slow" then
        next_try = clock.monotonic() + REFUSED_WAIT * (0.8 + 0.4 * math.random())
    elseif result == "failed" then
        next_try = clock.monotonic() + wait_after(failures)
    end
end
return _M
