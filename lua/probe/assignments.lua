-- Generated from src-ts/probe/assignments.ts: edit that file, then run npm run build.
-- What the leader wants checked: fetched when it is due, and kept as it came for the worker that is next.
local _M = {}
local config = require("config")
local clock = require("lib.clock")
local json = require("lib.json")
local shared_dict = require("lib.shared_dict")
local logger = require("logger")
local ____read_assignments = require("probe.read_assignments")
local read_assignments = ____read_assignments.read_assignments
local state = require("probe.state")
local DEFAULT_REFRESH = 30
local LONGEST_REFRESH = 3600
--- Part of the time by which two looks may differ, so that probes that started together do not stay together.
local JITTER = 0.1
local checks = {}
local etag
local refresh = DEFAULT_REFRESH
--- Grows with each new list.
local generation = 0
local is_known = false
local due = 0
--- The list as it is kept for other workers.
local used = ""

--- The checks, and a number that changes when they do.
function _M.current()
    return checks, generation
end

--- Of any worker: the leader has said what to check, maybe nothing.
function _M.are_known()
    return shared_dict.get_number(
        state.memory(),
        "checks"
    ) ~= nil
end

function _M.is_due()
    return clock.monotonic() >= due
end

--- Has the list asked for at once.
function _M.make_due()
    due = 0
end

local function use(text)
    local body, err = json.decode(text)
    local read = read_assignments(body)
    if read == nil then
        return "cannot read what the leader wants checked: " .. (err or "it is no list")
    end
    for ____, problem in ipairs(read.problems) do
        logger.warn("PROBE", "cannot use one of the checks: %s", problem)
    end
    local ____temp_0
    if type(body) == "table" then
        ____temp_0 = tonumber(body.refresh)
    else
        ____temp_0 = nil
    end
    local seconds = ____temp_0
    refresh = math.max(
        1,
        math.min(seconds or DEFAULT_REFRESH, LONGEST_REFRESH)
    )
    checks = read.checks
    generation = generation + 1
    is_known = true
    shared_dict.set_safely(
        state.memory(),
        "checks",
        #checks
    )
    return nil
end

--- Uses what a worker of this nginx was told last.
function _M.restore()
    local kept = shared_dict.get_text(
        state.memory(),
        "assignments"
    ) or used
    local tag, text = string.match(kept, "^([^\n]*)\n(.*)$")
    if kept ~= used and text ~= nil and use(text) == nil then
        local ____temp_1
        if tag == "" then
            ____temp_1 = nil
        else
            ____temp_1 = tag
        end
        etag = ____temp_1
        used = kept
    end
end

local function keep(text)
    used = ((etag or "") .. "\n") .. text
    if not shared_dict.set_safely(
        state.memory(),
        "assignments",
        used
    ) then
        state.memory().raw:delete("assignments")
        logger.warn("PROBE", "no memory to keep the checks in: after a reload they wait for the leader")
    end
end

--- The path of the list for this probe.
function _M.path_of(session)
    local ____config_node_2 = config.node
    local id = ____config_node_2.id
    return (("probes/assignments?probe=" .. ngx.escape_uri(id)) .. "&session=") .. ngx.escape_uri(session)
end

--- The ETag of the list that is in use.
function _M.known_etag()
    local ____is_known_3
    if is_known then
        ____is_known_3 = etag
    else
        ____is_known_3 = nil
    end
    return ____is_known_3
end

--- Notes that it was asked for, and what came when it has changed; returns why that cannot be used.
function _M.note(text, new_etag)
    local ____temp_4
    if text == nil then
        ____temp_4 = nil
    else
        ____temp_4 = use(text)
    end
    local problem = ____temp_4
    due = clock.monotonic() + refresh * (1 - JITTER + 2 * JITTER * math.random())
    if text ~= nil then
        if problem ~= nil then
            return problem
        end
        etag = new_etag
        keep(text)
        logger.info("PROBE", "%d checks to do, the leader says", #checks)
    end
    return nil
end
return _M
