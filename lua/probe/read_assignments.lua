-- Generated from src-ts/probe/read_assignments.ts: edit that file, then run npm run build.
-- What a leader sends as assignments, looked at one by one: one that cannot be used stops none of the others. Pure.
local _M = {}
local ____check_target = require("lib.check_target")
local is_check_kind = ____check_target.is_check_kind
local read_target = ____check_target.read_target
local ____fields = require("lib.fields")
local is_given = ____fields.is_given
local is_text = ____fields.is_text
local is_whole = ____fields.is_whole
local LONGEST_INTERVAL = 86400
local LONGEST_TIMEOUT_MS = 120000
local LARGEST_ID = 9007199254740991
local is_revision = is_text(64)
local is_id = is_whole(1, LARGEST_ID)
local is_interval = is_whole(1, LONGEST_INTERVAL)
local is_timeout = is_whole(1, LONGEST_TIMEOUT_MS)

local function read_one(given)
    if type(given) ~= "table" then
        return nil, "it is no object"
    end
    local ____given_0 = given
    local id = ____given_0.id
    local kind = ____given_0.kind
    local target = ____given_0.target
    local interval = ____given_0.interval
    local timeout_ms = ____given_0.timeout_ms
    local revision = ____given_0.revision
    if not is_id(id) then
        return nil, "id must be a whole number"
    end
    local name = "check " .. string.format("%d", id)
    if not is_check_kind(kind) then
        return nil, name .. ": kind must be http, tcp or dns"
    end
    if not is_interval(interval) then
        return nil, (name .. ": interval must be a whole number from 1 to ") .. tostring(LONGEST_INTERVAL)
    end
    if not is_timeout(timeout_ms) then
        return nil, (name .. ": timeout_ms must be a whole number from 1 to ") .. tostring(LONGEST_TIMEOUT_MS)
    end
    if is_given(revision) and not is_revision(revision) then
        return nil, name .. ": revision must be a text"
    end
    local read, err = read_target(kind, target)
    if read == nil then
        return nil, (name .. ": ") .. err
    end
    return {
        id = id,
        kind = kind,
        target = read,
        interval = interval,
        timeout_ms = timeout_ms,
        revision = revision
    }
end

--- The checks of an AssignmentsBody as it was decoded; nil when it is none.
function _M.read_assignments(body)
    local ____temp_1
    if type(body) == "table" then
        ____temp_1 = body.checks
    else
        ____temp_1 = nil
    end
    local given = ____temp_1
    if type(given) ~= "table" then
        return nil
    end
    local checks = {}
    local problems = {}
    local seen = {}
    for ____, one in ipairs(given) do
        local check, problem = read_one(one)
        if check == nil then
            table.insert(problems, problem)
        elseif seen[check.id] ~= true then
            seen[check.id] = true
            table.insert(checks, check)
        end
    end
    return {checks = checks, problems = problems}
end
return _M
