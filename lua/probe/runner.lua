-- Generated from src-ts/probe/runner.ts: edit that file, then run npm run build.
-- Runs the checks: one worker of this load balancer at a time, at most AT_ONCE checks together. When a worker ends, the
-- next one begins only after its last check, so that it never is more of them, and goes on where it stood.
local _M = {}
local config = require("config")
local clock = require("lib.clock")
local shared_dict = require("lib.shared_dict")
local turn = require("lib.turn")
local worker_timer = require("lib.worker_timer")
local logger = require("logger")
local assignments = require("probe.assignments")
local buffer = require("probe.buffer")
local ____run_check = require("probe.run_check")
local run_check = ____run_check.run_check
local ____schedule = require("probe.schedule")
local begin_next = ____schedule.begin_next
local ____end = ____schedule["end"]
local new_schedule = ____schedule.new_schedule
local phase = ____schedule.phase
local update = ____schedule.update
local ____state = require("probe.state")
local TURN = ____state.TURN
local memory = ____state.memory
local AT_ONCE = 10
--- Seconds after which the turn of a worker that was killed is over.
local TURN_TTL = 3
--- Seconds between two looks at what is due, at most; a reload waits for that.
local STEP = 0.2
--- Seconds between two looks while as many checks run as may.
local BUSY_STEP = 0.02
--- Seconds after which all begins anew: nginx frees what a timer has used when the timer ends.
local RENEW_AFTER = 3600
--- Seconds between two lines about checks that were left out.
local TELL_INTERVAL = 60
local running = 0

local function due_key(id)
    return "due:" .. string.format("%d", id)
end

--- When a check begins that this worker did not know: as the worker before it had planned, else in its own phase.
local function first_due(check)
    local now = clock.monotonic()
    local planned = shared_dict.get_number(
        memory(),
        due_key(check.id)
    )
    local is_near = planned ~= nil and math.abs(planned - now) <= check.interval
    return is_near and planned or now + phase(config.node.id, check)
end

local function perform(schedule, check)
    local ok, result = pcall(run_check, check)
    local is_wanted = ____end(schedule, check.id)
    running = running - 1
    if not ok then
        logger.error("PROBE", "check %d failed: %s", check.id, result)
    elseif is_wanted then
        local ____result_0 = result
        local status = ____result_0.status
        local ping_ms = ____result_0.ping_ms
        local message = ____result_0.message
        local at = ____result_0.at
        buffer.append({
            check_id = check.id,
            status = status,
            ping_ms = ping_ms,
            message = message,
            at = at,
            revision = check.revision
        })
    end
end

--- Each check has a timer of its own: nginx frees what it has used when it ends.
local function start(schedule, check, next_due)
    shared_dict.set_safely(
        memory(),
        due_key(check.id),
        next_due,
        check.interval * 2
    )
    running = running + 1
    local is_started = worker_timer.soon(
        "check",
        function(premature)
            if premature then
                running = running - 1
                ____end(schedule, check.id)
            else
                perform(schedule, check)
            end
        end
    )
    if not is_started then
        running = running - 1
        ____end(schedule, check.id)
    end
end

--- Starts what is due; returns after how many seconds to look again.
local function step(schedule)
    while running < AT_ONCE do
        local now = clock.monotonic()
        local check, next_due = begin_next(schedule, now)
        if check == nil then
            return math.max(
                0.001,
                math.min(STEP, next_due - now)
            )
        end
        start(schedule, check, next_due)
    end
    return BUSY_STEP
end

local function tell(schedule)
    local ____schedule_1 = schedule
    local overran = ____schedule_1.overran
    local skipped = ____schedule_1.skipped
    if skipped > 0 then
        logger.warn("PROBE", "%d checks left out: more are due than %d at once can do", skipped, AT_ONCE)
    end
    if overran > 0 then
        logger.warn("PROBE", "%d checks left out: they still ran when they were due again", overran)
    end
    schedule.overran = 0
    schedule.skipped = 0
end

--- Keeps the turn until the last check of this worker has ended. One that goes on itself has nothing to wait for.
local function wind_up()
    if not ngx.worker.exiting() then
        return
    end
    while running > 0 and turn.keep(TURN, TURN_TTL) do
        ngx.sleep(BUSY_STEP)
    end
    turn.give_back(TURN)
end

--- Runs the checks for as long as this worker has the turn, which may be for ever; returns at once when another has it.
function _M.run()
    if ngx.worker.exiting() or not turn.keep(TURN, TURN_TTL) then
        return
    end
    assignments.restore()
    local schedule = new_schedule()
    local known = -1
    local ends_at = clock.monotonic() + RENEW_AFTER
    local told_at = clock.monotonic()
    while not ngx.worker.exiting() and turn.keep(TURN, TURN_TTL) and clock.monotonic() < ends_at do
        local checks, generation = assignments.current()
        if generation ~= known then
            known = generation
            update(schedule, checks, first_due)
        end
        ngx.sleep(step(schedule))
        if clock.monotonic() - told_at >= TELL_INTERVAL then
            told_at = clock.monotonic()
            tell(schedule)
        end
    end
    wind_up()
end
return _M
