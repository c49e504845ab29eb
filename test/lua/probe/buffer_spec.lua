local fresh = require("support.fresh")

describe("probe.buffer", function()
    local buffer, clock, now

    local function add(check_id, message)
        buffer.append({ check_id = check_id, status = "up", at = now, ping_ms = 1, message = message or "answered 200" })
    end

    local function ids(results)
        local list = {}
        for index, result in ipairs(results) do
            list[index] = result.check_id
        end
        return list
    end

    before_each(function()
        ngx.shared.cluster_probe:flush_all()
        ngx.shared.cluster_probe:flush_expired()
        buffer = fresh.require("probe.buffer")
        clock = require("lib.clock")
        now = 1000
        stub(clock, "monotonic", function()
            return now
        end)
    end)

    after_each(function()
        clock.monotonic:revert()
    end)

    it("gives the oldest first, with numbers that go on", function()
        for id = 1, 5 do
            add(id)
        end
        assert.same({ 1, 2, 3 }, ids(buffer.peek(3)))
        assert.equal(1, buffer.peek(3)[1].seq)
        buffer.drop_through(3)
        assert.same({ 4, 5 }, ids(buffer.peek(10)))
        add(6)
        assert.equal(6, buffer.peek(10)[3].seq)
        assert.equal(3, buffer.count())
    end)

    it("keeps true ages, whatever happens to the clock on the wall", function()
        add(1)
        stub(clock, "now", function()
            return 4e9
        end)
        now = now + 5.25
        assert.equal(5250, buffer.peek(1)[1].age_ms)
        clock.now:revert()
        now = now + 1
        assert.equal(6250, buffer.peek(1)[1].age_ms)
    end)

    it("is as another worker left it", function()
        add(1)
        buffer = fresh.require("probe.buffer")
        assert.same({ 1 }, ids(buffer.peek(10)))
    end)

    it("does not lose what a worker wrote that was killed before it could say so", function()
        add(1)
        ngx.shared.cluster_probe:set("last", 0)
        add(2)
        assert.same({ 1, 2 }, ids(buffer.peek(10)))
    end)

    it("holds ten thousand of the longest, then drops the oldest and says so once", function()
        local message = ("x"):rep(200)
        for id = 1, buffer.LIMIT do
            add(id, message)
        end
        assert.equal(buffer.LIMIT, buffer.count())
        assert.equal(0, ngx.shared.cluster_probe:get("dropped"))
        local logger = require("logger")
        local told = spy.on(logger, "error")
        for id = 1, 25 do
            add(20000 + id, message)
        end
        assert.spy(told).was.called(1)
        assert.equal(buffer.LIMIT, buffer.count())
        assert.same({ 26, 27 }, ids(buffer.peek(2)))
        assert.equal(25, ngx.shared.cluster_probe:get("dropped"))
        logger.error:revert()
    end)

    it("drops the oldest when there is no memory, and nothing else", function()
        ngx.shared.cluster_probe:set("session", "s")
        local filler = ("x"):rep(100000)
        local index = 0
        while ngx.shared.cluster_probe:safe_set("filler" .. index, filler) do
            index = index + 1
        end
        for id = 1, 3000 do
            add(id, ("x"):rep(200))
        end
        assert.equal("s", ngx.shared.cluster_probe:get("session"))
        assert.equal(filler, ngx.shared.cluster_probe:get("filler0"))
        assert.is_true(buffer.count() < 3000)
        assert.is_true(ngx.shared.cluster_probe:get("dropped") > 0)
        local results = buffer.peek(buffer.LIMIT)
        assert.equal(3000, results[#results].check_id)
        assert.equal(buffer.count(), #results)
    end)
end)
