local aggregate = require("regions.aggregate").aggregate
local property = require("support.property")

local VOTES = { "up", "up", "down", "down", "abstain" }
local STRATEGIES = { "any-down", "majority-down", "all-down" }

local function election(random, size)
    local case = { rule = { strategy = random.one(STRATEGIES), fresh = random.whole(1, 100) } }
    if random.whole(1, 3) == 1 then
        case.rule.quorum = random.whole(1, math.ceil(size / 4))
    end
    case.ballots = random.list(math.ceil(size / 3), function(index)
        local ballot = { probe_id = "p" .. index, region = random.one({ "", "eu", "us", "r" .. index }) }
        ballot.vote = random.one(VOTES)
        ballot.age = random.whole(-120, 120)
        ballot.message = random.one({ "", "timeout", ("x"):rep(200) })
        ballot.ping_ms = random.is_true() and random.whole(0, 1000) or nil
        return ballot
    end)
    return case
end

--- The same by counting alone.
local function model(ballots, rule)
    local up, down = 0, 0
    for _, ballot in ipairs(ballots) do
        if ballot.age <= rule.fresh and ballot.age >= -rule.fresh then
            up = up + (ballot.vote == "up" and 1 or 0)
            down = down + (ballot.vote == "down" and 1 or 0)
        end
    end
    if up + down == 0 then
        return "unknown", up, down
    end
    local is_down = ({ ["any-down"] = down >= 1, ["majority-down"] = down > up, ["all-down"] = up == 0 })[rule.strategy]
    if rule.quorum ~= nil then
        if down < rule.quorum and up == 0 then
            return "unknown", up, down
        end
        is_down = down >= rule.quorum
    end
    return is_down and "down" or "up", up, down
end

describe("regions.aggregate, of any votes,", function()
    it("decides as counting does", function()
        property.check(election, function(case)
            local outcome = aggregate(case.ballots, case.rule)
            local verdict, up, down = model(case.ballots, case.rule)
            assert.same({ verdict, up, down }, { outcome.verdict, outcome.up, outcome.down })
            assert.is_true(#outcome.message > 0 and #outcome.message <= 250)
        end)
    end)

    it("answers the same in whatever order they come", function()
        property.check(election, function(case, random)
            assert.same(aggregate(case.ballots, case.rule), aggregate(random.shuffled(case.ballots), case.rule))
        end)
    end)

    it("has a ping between the least and the greatest of those that say up", function()
        property.check(election, function(case)
            local least, greatest = math.huge, -math.huge
            for _, ballot in ipairs(case.ballots) do
                if ballot.vote == "up" and math.abs(ballot.age) <= case.rule.fresh and ballot.ping_ms ~= nil then
                    least, greatest = math.min(least, ballot.ping_ms), math.max(greatest, ballot.ping_ms)
                end
            end
            local ping = aggregate(case.ballots, case.rule).ping_ms
            assert.equal(least == math.huge, ping == nil)
            assert.is_true(ping == nil or (ping >= least and ping <= greatest))
        end)
    end)

    it("never turns to up when one that says up turns to down", function()
        property.check(election, function(case, random)
            local before = aggregate(case.ballots, case.rule).verdict
            local index = #case.ballots > 0 and random.whole(1, #case.ballots)
            if index and case.ballots[index].vote == "up" then
                case.ballots[index].vote = "down"
                local now = aggregate(case.ballots, case.rule).verdict
                assert.is_false(before == "down" and now ~= "down")
            end
        end)
    end)
end)
