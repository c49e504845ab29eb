local plan = require("placement.plan")

local function monitors(count, active)
    local list = {}
    for id = 1, count do
        list[id] = { id = id, active = active ~= false }
    end
    return list
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
        assert.same({ a = 5, b = 5 }, sizes(plan.spread(monitors(10), { { node_id = "a", load = 7 }, { node_id = "b", load = 7 } })))
    end)

    it("fills up the node with the lower load first", function()
        assert.same({ a = 2, b = 8 }, sizes(plan.spread(monitors(10), { { node_id = "a", load = 6 }, { node_id = "b", load = 0 } })))
    end)

    it("places each monitor exactly once", function()
        local seen = {}
        for _, share in ipairs(plan.spread(monitors(100), { { node_id = "a", load = 1 }, { node_id = "b", load = 50 }, { node_id = "c", load = 9 } })) do
            for _, id in ipairs(share.ids) do
                assert.is_nil(seen[id])
                seen[id] = share.node_id
            end
        end
        assert.equal(100, #seen)
    end)

    it("spreads paused monitors as well", function()
        assert.same({ a = 4, b = 4 }, sizes(plan.spread(monitors(8, false), { { node_id = "a", load = 3 }, { node_id = "b", load = 3 } })))
    end)

    it("places nothing when there is no target, or nothing to place", function()
        assert.same({}, plan.spread(monitors(3), {}))
        assert.same({}, plan.spread({}, { { node_id = "a", load = 0 } }))
    end)

    it("plans 100,000 monitors over 10 nodes evenly", function()
        local targets = {}
        for index = 1, 10 do
            targets[index] = { node_id = "n" .. index, load = 0 }
        end
        for _, size in pairs(sizes(plan.spread(monitors(100000), targets))) do
            assert.equal(10000, size)
        end
    end)
end)
