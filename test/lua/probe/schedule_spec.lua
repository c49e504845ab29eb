local schedules = require("probe.schedule")

local function checks(count, interval)
    local list = {}
    for id = 1, count do
        list[id] = { id = id, interval = interval or 30, kind = "tcp", target = {}, timeout_ms = 1000 }
    end
    return list
end

--- A schedule of checks that begin by their phases, at time 0.
local function scheduled(list, probe_id)
    local schedule = schedules.new_schedule()
    schedules.update(schedule, list, function(check)
        return schedules.phase(probe_id or "p1", check)
    end)
    return schedule
end

--- The times at which each check begins until `ends`, when it is looked ten times a second and each ends at once.
local function starts(schedule, from, ends)
    local times = {}
    for tenth = from * 10, ends * 10 do
        local check = schedules.begin_next(schedule, tenth / 10)
        while check do
            times[check.id] = times[check.id] or {}
            table.insert(times[check.id], tenth / 10)
            schedules["end"](schedule, check.id)
            check = schedules.begin_next(schedule, tenth / 10)
        end
    end
    return times
end

local function begin_all(schedule, now)
    local ids = {}
    local check = schedules.begin_next(schedule, now)
    while check do
        table.insert(ids, check.id)
        check = schedules.begin_next(schedule, now)
    end
    return ids
end

describe("probe.schedule", function()
    it("begins each check once in its interval", function()
        local times = starts(scheduled(checks(50)), 0, 300)
        for id = 1, 50 do
            assert.equal(10, #times[id])
            for index = 2, 10 do
                assert.is_true(math.abs(times[id][index] - times[id][index - 1] - 30) < 0.11)
            end
        end
    end)

    it("spreads the checks of a probe, and the probes of a check", function()
        local seconds, probes = {}, {}
        for id = 1, 300 do
            local phase = schedules.phase("p1", { id = id, interval = 30 })
            seconds[math.floor(phase)] = (seconds[math.floor(phase)] or 0) + 1
        end
        for second = 0, 29 do
            assert.is_true((seconds[second] or 0) > 0 and seconds[second] < 30)
        end
        for probe = 1, 30 do
            local second = math.floor(schedules.phase("p" .. probe, { id = 1, interval = 3600 }) / 3)
            probes[second] = (probes[second] or 0) + 1
        end
        for _, count in pairs(probes) do
            assert.is_true(count < 12)
        end
    end)

    it("keeps the times of checks when others come and go", function()
        local list = checks(20)
        local schedule = scheduled(list)
        starts(schedule, 0, 40)
        local next_due = {}
        for id, job in pairs(schedule.jobs) do
            next_due[id] = job.due
        end
        table.remove(list, 1)
        table.insert(list, { id = 99, interval = 30, kind = "tcp", target = {}, timeout_ms = 1000 })
        schedules.update(schedule, list, function(check)
            assert.equal(99, check.id)
            return 41
        end)
        for id = 2, 20 do
            assert.equal(next_due[id], schedule.jobs[id].due)
        end
        local times = starts(schedule, 40, 80)
        assert.is_nil(times[1])
        assert.same({ 41, 71 }, times[99])
    end)

    it("gives a check with another interval other times, once", function()
        local schedule = scheduled(checks(1))
        schedules.update(schedule, checks(1, 10), function()
            return 5
        end)
        assert.same({ { 5, 15, 25, 35 } }, starts(schedule, 0, 40))
    end)

    it("does not begin a check that still runs", function()
        local schedule = scheduled(checks(1, 10))
        assert.same({ 1 }, begin_all(schedule, 10))
        assert.same({}, begin_all(schedule, 20))
        assert.equal(1, schedule.overran)
        assert.is_true(schedules["end"](schedule, 1))
        assert.same({ 1 }, begin_all(schedule, 30))
    end)

    it("makes up for nothing after a pause", function()
        local schedule = scheduled(checks(100))
        assert.same({}, begin_all(schedule, 3600))
        assert.equal(100, schedule.skipped)
        local times = starts(schedule, 3600, 3630)
        for id = 1, 100 do
            assert.equal(1, #times[id])
        end
    end)

    it("knows what ended although it is no check any more", function()
        local schedule = scheduled(checks(1))
        begin_all(schedule, 30)
        schedules.update(schedule, {}, error)
        assert.is_false(schedules["end"](schedule, 1))
        assert.same({}, begin_all(schedule, 1000))
        assert.same({}, schedule.heap.items)
    end)
end)
