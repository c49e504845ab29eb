local verdict = require("failover.verdict")
local property = require("support.property")

local STATUSES = { "online", "draining", "recovering", "offline" }
--- From the worst to the best; a drained node is as well as one that is online.
local RANK = { offline = 1, recovering = 2, draining = 3, online = 3 }
local ALLOWED = {
    online = { online = true, offline = true },
    draining = { draining = true, offline = true },
    recovering = { recovering = true, online = true, offline = true },
    offline = { offline = true, recovering = true },
}

local function story(random, size)
    return {
        status = random.one(STATUSES),
        limits = { fall = random.whole(1, 5), rise = random.whole(1, 5) },
        results = random.list(size, function()
            return { ok = random.whole(1, 3) > 1, reason = "seen" }
        end),
    }
end

--- The state after each result.
local function feed(case, results)
    local status, counts, states = case.status, { successes = 0, failures = 0 }, {}
    for index, seen in ipairs(results) do
        local judged = verdict.judge(status, counts, seen, case.limits)
        status, counts = judged.status, judged
        states[index] = judged
    end
    return states
end

describe("failover.verdict, of any checks,", function()
    it("skips no state, and gives a reason every time", function()
        property.check(story, function(case)
            local before = case.status
            for _, state in ipairs(feed(case, case.results)) do
                assert.is_true(ALLOWED[before][state.status] == true, before .. " to " .. state.status)
                assert.is_true(#state.reason > 0)
                before = state.status
            end
        end)
    end)

    it("changes a state after as many equal results in a row as the limits say, and not before", function()
        property.check(story, function(case)
            local before, good, bad = case.status, 0, 0
            for index, state in ipairs(feed(case, case.results)) do
                local ok = case.results[index].ok
                good, bad = ok and good + 1 or 0, ok and 0 or bad + 1
                if before == "online" or before == "draining" then
                    assert.equal(bad >= case.limits.fall, state.status == "offline")
                elseif before == "recovering" then
                    assert.equal(not ok, state.status == "offline")
                    assert.equal(ok and good >= case.limits.rise, state.status == "online")
                else
                    assert.equal(ok, state.status == "recovering")
                    -- The first good one counts.
                    good = ok and 1 or 0
                end
                before = state.status
            end
        end)
    end)

    it("never judges better checks worse", function()
        property.check(story, function(case, random)
            local better = {}
            for index, seen in ipairs(case.results) do
                better[index] = (not seen.ok and random.is_true()) and { ok = true, reason = "seen" } or seen
            end
            local worse_states, better_states = feed(case, case.results), feed(case, better)
            for index, state in ipairs(worse_states) do
                assert.is_true(RANK[better_states[index].status] >= RANK[state.status])
            end
        end)
    end)

    it("takes it for a partition when more than half of those fail that are online and not silent", function()
        local function sightings(random, size)
            return random.list(size, function(index)
                local failures = random.whole(0, 2)
                local status = random.one(STATUSES)
                return { node_id = "n" .. index, status = status, failures = failures, silent = random.whole(1, 4) == 1 }
            end)
        end
        property.check(sightings, function(list, random)
            local online, failing = 0, 0
            for _, one in ipairs(list) do
                if one.status == "online" and not one.silent then
                    online = online + 1
                    failing = failing + (one.failures > 0 and 1 or 0)
                end
            end
            local reason = verdict.partition_reason(list)
            assert.equal(failing > online / 2, reason ~= nil)
            assert.equal(reason, verdict.partition_reason(random.shuffled(list)))
        end)
    end)

    it("holds a node back for longer the more often it fell, and never for more than five minutes", function()
        for falls = 0, 100 do
            local seconds = verdict.hold_seconds(falls)
            assert.is_true(seconds >= 0 and seconds <= 300)
            assert.is_true(verdict.hold_seconds(falls + 1) >= seconds)
        end
    end)
end)
