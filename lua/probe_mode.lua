-- Generated from src-ts/probe_mode.ts: edit that file, then run npm run build.
-- A load balancer that is a probe: it checks targets for its leader and does nothing else. No database, no nodes, no
-- dashboard.
local _M = {}
local config = require("config")
local worker_timer = require("lib.worker_timer")
local logger = require("logger")
local assignments = require("probe.assignments")
local conversation = require("probe.conversation")
local ____runner = require("probe.runner")
local run = ____runner.run
local state = require("probe.state")
--- Seconds between two things that are said to the leader, and between two tries to get the turn to check.
local TALK_INTERVAL = 1
local TURN_INTERVAL = 0.5
--- Pages under /lb/ that a probe has.
local PAGES = {
    ping = true,
    livez = true,
    readyz = true,
    ["debug-config"] = true,
    ["debug-logs"] = true
}
_M.IS_PROBE = config.peers.mode == "probe"

--- True for a path below /lb/ that a load balancer of this mode has.
function _M.has_page(path)
    return not _M.IS_PROBE or PAGES[path] == true
end

--- Once at each start and reload: what an operator should know of the settings.
function _M.init()
    state.memory()
    if config.probes.region == "" then
        logger.info("PROBE", "NODE_REGION is not set: this probe gets only the checks that name no regions")
    end
end

--- Starts the work of this worker; the workers take turns.
function _M.start()
    worker_timer.every("probe", TURN_INTERVAL, run)
    conversation.begin()
    worker_timer.every("probe leader", TALK_INTERVAL, conversation.go_on)
end

--- Why the probe cannot do its work yet, as a part of a sentence; nil when it can.
function _M.why_not_ready()
    if state.session() ~= nil and assignments.are_known() then
        return nil
    end
    return state.leader_error() or "the leader has not been asked yet"
end
return _M
