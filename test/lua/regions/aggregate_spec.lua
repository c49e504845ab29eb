local aggregate = require("regions.aggregate").aggregate

describe("regions.aggregate", function()
    --- Ballots of "u" (up), "d" (down), "a" (abstains), "o" (up, but too old), "O" (down, too old).
    local function ballots(text)
        local list = {}
        for index = 1, #text do
            local letter = text:sub(index, index)
            local region = "r" .. index
            table.insert(list, {
                probe_id = "p" .. index,
                region = region,
                vote = ({ u = "up", d = "down", a = "abstain", o = "up", O = "down" })[letter],
                age = (letter == "o" or letter == "O") and 91 or 89,
                ping_ms = letter == "u" and index * 10 or nil,
                message = "timeout",
            })
        end
        return list
    end

    local function verdict(text, strategy, quorum)
        return aggregate(ballots(text), { strategy = strategy, quorum = quorum, fresh = 90 }).verdict
    end

    it("follows the truth table of the three strategies", function()
        local rows = {
            -- votes, any-down, majority-down, all-down
            { "", "unknown", "unknown", "unknown" },
            { "u", "up", "up", "up" },
            { "d", "down", "down", "down" },
            { "uu", "up", "up", "up" },
            { "ud", "down", "up", "up" },
            { "dd", "down", "down", "down" },
            { "uuu", "up", "up", "up" },
            { "uud", "down", "up", "up" },
            { "udd", "down", "down", "up" },
            { "ddd", "down", "down", "down" },
            { "uudd", "down", "up", "up" },
            { "uddd", "down", "down", "up" },
            { "a", "unknown", "unknown", "unknown" },
            { "da", "down", "down", "down" },
            { "ua", "up", "up", "up" },
            { "uda", "down", "up", "up" },
            { "o", "unknown", "unknown", "unknown" },
            { "O", "unknown", "unknown", "unknown" },
            { "uO", "up", "up", "up" },
            { "do", "down", "down", "down" },
            { "oOa", "unknown", "unknown", "unknown" },
        }
        for _, row in ipairs(rows) do
            for index, strategy in ipairs({ "any-down", "majority-down", "all-down" }) do
                assert.equal(row[index + 1], verdict(row[1], strategy), row[1] .. " " .. strategy)
            end
        end
    end)

    it("takes a quorum before the strategy, and does not decide while too few have a say", function()
        for _, strategy in ipairs({ "any-down", "all-down" }) do
            assert.equal("up", verdict("uud", strategy, 2))
            assert.equal("down", verdict("udd", strategy, 2))
            assert.equal("unknown", verdict("d", strategy, 2))
            assert.equal("up", verdict("ud", strategy, 2))
            assert.equal("unknown", verdict("", strategy, 1))
        end
    end)

    it("never says up by votes that are too old, whatever they said", function()
        local letters = { "u", "d", "a", "o", "O" }
        for seed = 1, 2000 do
            math.randomseed(seed)
            local text = ""
            for _ = 1, math.random(0, 7) do
                text = text .. letters[math.random(#letters)]
            end
            local counted = text:gsub("[aoO]", "")
            for _, strategy in ipairs({ "any-down", "majority-down", "all-down" }) do
                local found = verdict(text, strategy)
                assert.equal(verdict(counted, strategy), found, text)
                assert.equal(counted == "", found == "unknown", text)
                if not counted:find("d") and counted ~= "" then
                    assert.equal("up", found, text)
                end
            end
        end
    end)

    it("counts no vote from the far future: the clock was set back since", function()
        local list = ballots("ud")
        list[2].age = -91
        assert.equal("up", aggregate(list, { strategy = "any-down", fresh = 90 }).verdict)
        list[2].age = -1
        assert.equal("down", aggregate(list, { strategy = "any-down", fresh = 90 }).verdict)
    end)

    it("says where and why, and the median of those that are up", function()
        local outcome = aggregate(ballots("udud"), { strategy = "any-down", fresh = 90 })
        assert.equal("down in 2 of 4 regions: r2: timeout; r4: timeout", outcome.message)
        assert.equal(20, outcome.ping_ms)
        assert.same({ 2, 2 }, { outcome.up, outcome.down })
        assert.equal("up in 1 of 1 regions", aggregate(ballots("ua"), { strategy = "any-down", fresh = 90 }).message)
        assert.equal("no probe has a result that is new enough", aggregate({}, { strategy = "any-down", fresh = 90 }).message)
        local same = ballots("ud")
        same[2].region = "r1"
        assert.equal("down in 1 of 2 probes: r1: timeout", aggregate(same, { strategy = "any-down", fresh = 90 }).message)
        local long = ballots("d")
        long[1].message = ("x"):rep(1000)
        assert.equal(250, #aggregate(long, { strategy = "any-down", fresh = 90 }).message)
    end)
end)
