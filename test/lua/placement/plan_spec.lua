local plan = require("placement.plan")

local function monitors(count, active)
    local list = {}
    for id = 1, count do
        list[id] = { id = id, active = active ~= false, interval = 1 }
    end
    return list
end

local function spread(list, targets)
    return plan.spread(list, targets, 1000000).shares
end

local function sizes(shares)
    local by_node = {}
    for _, share in ipairs(shares) do
        by_node[share.node_id] = #share.ids
    end
    return by_node
end

describe("placement.plan", function()
    it("gives equal nodes equal shares", function()
        assert.same({ a = 5, b = 5 }, sizes(spread(monitors(10), { { node_id = "a", load = 7, count = 7 }, { node_id = "b", load = 7, count = 7 } })))
    end)

    it("fills up the node with the lower load first", function()
        assert.same({ a = 2, b = 8 }, sizes(spread(monitors(10), { { node_id = "a", load = 6, count = 6 }, { node_id = "b", load = 0, count = 0 } })))
    end)

    it("places each monitor exactly once", function()
        local seen = {}
        for _, share in ipairs(spread(monitors(100), { { node_id = "a", load = 1, count = 1 }, { node_id = "b", load = 50, count = 50 }, { node_id = "c", load = 9, count = 9 } })) do
            for _, id in ipairs(share.ids) do
                assert.is_nil(seen[id])
                seen[id] = share.node_id
            end
        end
        assert.equal(100, #seen)
    end)

    it("spreads paused monitors as well", function()
        assert.same({ a = 4, b = 4 }, sizes(spread(monitors(8, false), { { node_id = "a", load = 3, count = 3 }, { node_id = "b", load = 3, count = 3 } })))
    end)

    it("places nothing when there is no target, or nothing to place", function()
        assert.same({}, spread(monitors(3), {}))
        assert.same({}, spread({}, { { node_id = "a", load = 0, count = 0 } }))
    end)

    it("plans 100,000 monitors over 10 nodes evenly", function()
        local targets = {}
        for index = 1, 10 do
            targets[index] = { node_id = "n" .. index, load = 0, count = 0 }
        end
        for _, size in pairs(sizes(spread(monitors(100000), targets))) do
            assert.equal(10000, size)
        end
    end)

    it("weighs a monitor by how often it is checked", function()
        local list = { { id = 1, active = true, interval = 10 } }
        for id = 2, 11 do
            list[id] = { id = id, active = true, interval = 100 }
        end
        local shares = plan.spread(list, { { node_id = "a", load = 0, count = 0 }, { node_id = "b", load = 0, count = 0 } }, 100).shares
        assert.same({ a = 1, b = 10 }, sizes(shares))
    end)

    it("keeps to the limit while there is room, and goes beyond it rather than leave a monitor alone", function()
        local targets = { { node_id = "a", load = 0, count = 8 }, { node_id = "b", load = 50, count = 0 } }
        local result = plan.spread(monitors(12), targets, 10)
        assert.same({ a = 2, b = 10 }, sizes(result.shares))
        assert.equal(0, result.over_capacity)
        result = plan.spread(monitors(20), targets, 10)
        assert.equal(8, result.over_capacity)
        local placed = sizes(result.shares)
        assert.equal(20, placed.a + placed.b)
    end)
end)
