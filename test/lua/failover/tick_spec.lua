local tick = require("failover.tick")

describe("failover.tick", function()
    it("takes a good tick of the node", function()
        local said = tick.read_tick('{"tick":7,"node_id":"node1","boot_id":"x","status":"ok"}', "node1")
        assert.same({ ok = true, reason = "ok" }, said)
    end)

    it("tells why a node is not well", function()
        local said = tick.read_tick('{"tick":1,"node_id":"node1","status":"leaving","reason":"bye"}', "node1")
        assert.same({ ok = false, reason = "leaving: bye" }, said)
        said = tick.read_tick('{"tick":1,"node_id":"node1","status":"stalled","reason":null}', "node1")
        assert.same({ ok = false, reason = "stalled" }, said)
    end)

    it("does not take the tick of another node", function()
        local said, err = tick.read_tick('{"tick":1,"node_id":"node2","status":"ok"}', "node1")
        assert.is_nil(said)
        assert.equal("it is node node2, not node1", err)
        assert.is_nil((tick.read_tick('{"tick":1,"status":"ok"}', "node1")))
    end)

    it("takes nothing else for a tick", function()
        for _, line in ipairs({ "", "<html>", "7", "null", '"x"', "[]", '{"tick":"1","status":"ok"}', '{"tick":1}' }) do
            local said, err = tick.read_tick(line, "node1")
            assert.is_nil(said, line)
            assert.equal("what it sends is no tick", err)
        end
    end)

    it("waits longer each time, up to five seconds", function()
        local waits = {}
        for attempt = 1, 5 do
            waits[attempt] = tick.backoff(attempt)
        end
        assert.same({ 1, 2, 4, 5, 5 }, waits)
        assert.equal(5, tick.backoff(100000))
    end)
end)
