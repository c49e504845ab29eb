-- Generated from src-ts/probe/schedule.ts: edit that file, then run npm run build.
-- When which check is due: pure, all times are given. Each check has its own phase, so that they do not start together,
-- and keeps it whatever happens: what was late or still running waits for its next turn, and nothing is made up for.
local _M = {}
local ____heap = require("lib.heap")
local new_heap = ____heap.new_heap
local pop = ____heap.pop
local push = ____heap.push
--- A check that waited for longer than this part of its interval waits for its next turn.
local LATEST = 0.5
--- Seconds in which checks that are new begin.
local LONGEST_PHASE = 30

local function comes_before(a, b)
    local ____temp_0
    if a.due == b.due then
        ____temp_0 = a.check.id < b.check.id
    else
        ____temp_0 = a.due < b.due
    end
    return ____temp_0
end

function _M.new_schedule()
    return {
        heap = new_heap(comes_before),
        jobs = {},
        running = {},
        overran = 0,
        skipped = 0
    }
end

--- Seconds after which a new check begins at this probe: others for each check, and for each probe of a check.
function _M.phase(probe_id, ____bindingPattern0)
    local interval
    local id
    id = ____bindingPattern0.id
    interval = ____bindingPattern0.interval
    local a, b, c = string.byte(
        ngx.sha1_bin((probe_id .. " ") .. string.format("%d", id)),
        1,
        3
    )
    if a == nil then
        a = 0
    end
    if b == nil then
        b = 0
    end
    if c == nil then
        c = 0
    end
    local part = (a * 65536 + b * 256 + c) / 2 ^ 24
    return part * math.min(interval, LONGEST_PHASE)
end

--- Makes these the checks. Those that are there already keep their times, unless their interval is another; `first_due`
-- says when a new one begins.
function _M.update(schedule, checks, first_due)
    local ____schedule_1 = schedule
    local jobs = ____schedule_1.jobs
    local heap = ____schedule_1.heap
    local wanted = {}
    for ____, check in ipairs(checks) do
        wanted[check.id] = true
        local job = jobs[check.id]
        if job ~= nil and job.check.interval == check.interval then
            job.check = check
        else
            if job ~= nil then
                job.is_gone = true
            end
            local added = {
                check = check,
                due = first_due(check),
                is_gone = false
            }
            jobs[check.id] = added
            push(heap, added)
        end
    end
    for id, job in pairs(jobs) do
        if wanted[id] ~= true then
            job.is_gone = true
            jobs[id] = nil
        end
    end
end

--- Whether a check that is due begins now; else it is counted why not.
local function may_begin(schedule, ____bindingPattern0, lateness)
    local interval
    local id
    id = ____bindingPattern0.id
    interval = ____bindingPattern0.interval
    if schedule.running[id] == true then
        schedule.overran = schedule.overran + 1
        return false
    end
    if lateness > interval * LATEST then
        schedule.skipped = schedule.skipped + 1
        return false
    end
    return true
end

--- The next check that is due, from now on running, and when it is due again; nil when none is due.
function _M.begin_next(schedule, now)
    local ____schedule_2 = schedule
    local heap = ____schedule_2.heap
    local running = ____schedule_2.running
    do
        while true do
            local first = heap.items[1]
            if first == nil or first.due > now and not first.is_gone then
                return nil, first and first.due or math.huge
            end
            pop(heap)
            if not first.is_gone then
                local check = first.check
                local due = first.due
                first.due = due + check.interval * (math.floor((now - due) / check.interval) + 1)
                push(heap, first)
                if may_begin(schedule, check, now - due) then
                    running[check.id] = true
                    return check, first.due
                end
            end
        end
    end
end
--- Notes the end of a check; false when it is none of the checks any more.
_M["end"] = function(schedule, id)
    schedule.running[id] = nil
    return schedule.jobs[id] ~= nil
end
return _M
