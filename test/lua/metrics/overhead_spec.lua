local fresh = require("support.fresh")

describe("metrics.overhead", function()
    local overhead

    before_each(function()
        overhead = fresh.require("metrics.overhead")
    end)

    --- What the definition says, the slow way; from 0 as the caller counts.
    local function expected(seconds)
        for index, bound in ipairs(overhead.BOUNDS) do
            if seconds <= bound then
                return index - 1
            end
        end
        return #overhead.BOUNDS
    end

    it("puts a time into the first bucket whose bound it does not exceed", function()
        for step = 0, 400 do
            for _, seconds in ipairs({ step * 0.000001 + 0.0000001, step * 0.00003 + 0.0000001, step * 0.04 + 0.001 }) do
                assert.equal(expected(seconds), overhead.bucket_of(seconds), seconds)
            end
        end
    end)

    it("knows the ends: nothing, each bound itself, and more than all", function()
        assert.equal(0, overhead.bucket_of(0))
        for index, bound in ipairs(overhead.BOUNDS) do
            assert.equal(index - 1, overhead.bucket_of(bound), bound)
        end
        assert.equal(#overhead.BOUNDS, overhead.bucket_of(86400))
    end)

    it("adds up the times of all attempts but the last", function()
        assert.equal(0, overhead.lost_in_attempts(""))
        assert.equal(0, overhead.lost_in_attempts("0.120"))
        assert.equal(3.002, overhead.lost_in_attempts("3.002, 0.012"))
        assert.equal(3, overhead.lost_in_attempts("1.000, 2.000, -"))
        assert.equal(2, overhead.lost_in_attempts("-, 2.000 : 0.100"))
    end)
end)
