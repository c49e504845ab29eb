local fresh = require("support.fresh")

describe("lib.memo", function()
    local memo, now, reads

    before_each(function()
        memo = fresh.require("lib.memo").memo
        now = 1000
        reads = 0
        require("lib.clock").monotonic = function()
            return now
        end
    end)

    local function count()
        reads = reads + 1
        return reads
    end

    it("reads anew only when what it has is old", function()
        local get = memo(1, count)
        assert.same({ 1, 1 }, { get(), get() })
        now = 1001.5
        assert.equal(2, get())
    end)

    it("gives the others what it has while one waits", function()
        local get = memo(1, function()
            if reads > 0 then
                coroutine.yield()
            end
            return count()
        end)
        assert.equal(1, get())
        now = 1002
        local slow = coroutine.create(get)
        coroutine.resume(slow)
        assert.equal(1, get())
        assert.same({ true, 2 }, { coroutine.resume(slow) })
        assert.equal(2, get())
    end)

    it("hands on what is raised and reads again the next time", function()
        local fails = true
        local get = memo(1, function()
            if fails then
                error("no", 0)
            end
            return count()
        end)
        assert.has_error(get, "no")
        fails = false
        assert.equal(1, get())
    end)
end)
