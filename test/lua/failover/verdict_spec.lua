local verdict = require("failover.verdict")

local LIMITS = { fall = 3, rise = 3 }
local GOOD = { ok = true, reason = "answered" }
local BAD = { ok = false, reason = "connection refused" }

--- Feeds results one after the other; returns the statuses and the last reason.
local function feed(status, results)
    local counts, statuses, reason = { successes = 0, failures = 0 }, {}, nil
    for index, seen in ipairs(results) do
        local judged = verdict.judge(status, counts, seen, LIMITS)
        status, counts, reason = judged.status, judged, judged.reason
        statuses[index] = status
    end
    return statuses, reason
end

describe("failover.verdict", function()
    it("takes a node offline after fall failures in a row, with the cause", function()
        local statuses, reason = feed("online", { BAD, BAD, BAD })
        assert.same({ "online", "online", "offline" }, statuses)
        assert.equal("3 failed checks in a row: connection refused", reason)
    end)

    it("starts counting anew after a good check", function()
        assert.same({ "online", "online", "online", "online", "online" }, (feed("online", { BAD, BAD, GOOD, BAD, BAD })))
    end)

    it("brings a node back by way of recovering after rise good checks", function()
        local statuses, reason = feed("offline", { GOOD, GOOD, GOOD })
        assert.same({ "recovering", "recovering", "online" }, statuses)
        assert.equal("3 good checks in a row", reason)
    end)

    it("lets one failed check end a recovery", function()
        local statuses, reason = feed("offline", { GOOD, GOOD, BAD })
        assert.same({ "recovering", "recovering", "offline" }, statuses)
        assert.equal("a check failed during recovery: connection refused", reason)
    end)

    it("never brings a draining node online by itself, but takes it offline when it dies", function()
        assert.same({ "draining", "draining", "draining" }, (feed("draining", { GOOD, GOOD, GOOD })))
        assert.same({ "draining", "draining", "offline" }, (feed("draining", { BAD, BAD, BAD })))
    end)

    it("follows the operator's wish between online and draining, and nowhere else", function()
        assert.equal("draining", verdict.follow_wish("online", true).status)
        assert.equal("online", verdict.follow_wish("draining", false).status)
        assert.is_nil(verdict.follow_wish("online", false))
        assert.is_nil(verdict.follow_wish("draining", true))
        for _, status in ipairs({ "offline", "recovering" }) do
            assert.is_nil(verdict.follow_wish(status, true))
            assert.is_nil(verdict.follow_wish(status, false))
        end
    end)

    it("checks everyone fast who is not steadily online", function()
        assert.is_false(verdict.is_in_doubt("online", 0))
        assert.is_true(verdict.is_in_doubt("online", 1))
        assert.is_true(verdict.is_in_doubt("recovering", 0))
        assert.is_true(verdict.is_in_doubt("offline", 0))
    end)

    describe("partition_reason", function()
        local function sightings(online, failing, silent)
            local list = {}
            for index = 1, online do
                local is_failing = index <= failing
                table.insert(list, { status = "online", failures = is_failing and 1 or 0, silent = index <= (silent or 0) })
            end
            return list
        end

        it("is nothing while at most half of the online nodes fail", function()
            assert.is_nil(verdict.partition_reason(sightings(3, 1)))
            assert.is_nil(verdict.partition_reason(sightings(2, 1)))
            assert.is_nil(verdict.partition_reason(sightings(4, 2)))
            assert.is_nil(verdict.partition_reason({}))
        end)

        it("says how many fail when more than half do, or all", function()
            assert.equal(
                "2 of 3 online nodes fail at once: taken for a partition, none is taken offline",
                verdict.partition_reason(sightings(3, 2))
            )
            assert.is_not_nil(verdict.partition_reason(sightings(1, 1)))
        end)

        it("does not count nodes that are silent in the database as well", function()
            assert.is_nil(verdict.partition_reason(sightings(3, 2, 2)))
        end)

        it("does not count nodes that were not online", function()
            assert.is_nil(verdict.partition_reason({ { status = "offline", failures = 9, silent = false } }))
        end)
    end)

    it("holds a node back longer with each fall, five minutes at most", function()
        local holds = {}
        for falls = 0, 9 do
            holds[falls + 1] = verdict.hold_seconds(falls)
        end
        assert.same({ 0, 0, 10, 20, 40, 80, 160, 300, 300, 300 }, holds)
    end)
end)
