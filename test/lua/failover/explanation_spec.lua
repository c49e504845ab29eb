local explain = require("failover.explanation").explain

local MOVE = {
    id = 9,
    operation = 12,
    type = "failover",
    reason = "3 failed checks in a row: connection refused",
    monitor_id = 1,
    from_node = "a",
    to_node = "b",
    epoch = 4,
    state = "beating",
    moved_at = "2026-11-21 10:00:00.500000",
    gap_ms = 21500,
}

local function monitor(fields)
    local found = { monitor_id = 1, name = "m", active = true, pinned = false, node_id = "a" }
    for key, value in pairs(fields or {}) do
        found[key] = value
    end
    found.owner_node = found.assigned_node or found.node_id
    return found
end

describe("failover.explanation", function()
    it("names the home", function()
        local why = explain(monitor(), "online")
        assert.same({ rule = "home", sentence = "a runs it: that is its home." }, why)
    end)

    it("tells the move that brought it where it is", function()
        local why = explain(monitor({ assigned_node = "b" }), "online", MOVE)
        assert.equal("moved", why.rule)
        assert.equal(MOVE, why.move)
        assert.equal(
            "b runs it: it was moved from a to b by failover 12 at 2026-11-21T10:00:00.500000Z because 3 failed checks "
                .. "in a row: connection refused (epoch 4, 21.5 s between two beats); its home is a.",
            why.sentence
        )
    end)

    it("calls it by hand when no move explains where it is", function()
        assert.equal("by_hand", explain(monitor({ assigned_node = "c" }), "online", MOVE).rule)
        assert.equal("by_hand", explain(monitor({ assigned_node = "c" }), "online").rule)
    end)

    it("says what it waits for", function()
        local homeless = monitor()
        homeless.node_id, homeless.owner_node = nil, nil
        assert.equal("waiting", explain(homeless, nil).rule)
        assert.equal(
            "It is pinned to a, which is offline: it waits for that node.",
            explain(monitor({ pinned = true }), "offline").sentence
        )
        assert.equal(
            "It is assigned to a, which is not registered: it waits for another node.",
            explain(monitor(), nil).sentence
        )
    end)

    it("names a pin, and a pause", function()
        assert.equal("pinned", explain(monitor({ pinned = true }), "draining").rule)
        assert.matches("It is paused%.$", explain(monitor({ active = false }), "online").sentence)
    end)
end)
