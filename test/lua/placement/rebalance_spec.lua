local anew = require("placement.anew")
local imbalance = require("placement.imbalance")
local rebalance = require("placement.rebalance")

local NODES = { "a", "b", "c", "d" }

--- Monitors by the counts of their owners: { a = 3 }; `more` are fields of each.
local function monitors(counts, more)
    local list = {}
    for _, node_id in ipairs(NODES) do
        for _ = 1, counts[node_id] or 0 do
            local monitor = { id = #list + 1, active = true, interval = 20, owner = node_id, movable = true }
            for key, value in pairs(more or {}) do
                monitor[key] = value
            end
            table.insert(list, monitor)
        end
    end
    return list
end

local function carry_out(list, moves)
    local by_id, moved = {}, {}
    for _, monitor in ipairs(list) do
        by_id[monitor.id] = monitor
    end
    for _, move in ipairs(moves) do
        local monitor = by_id[move.id]
        assert.is_nil(moved[move.id], "moved twice")
        assert.is_true(monitor.movable)
        assert.equal(monitor.owner, move.from)
        assert.are_not.equal(move.from, move.to)
        moved[move.id] = true
        monitor.owner = move.to
    end
end

local function counts(list, nodes)
    local by_node = {}
    for _, node_id in ipairs(nodes or NODES) do
        by_node[node_id] = 0
    end
    for _, monitor in ipairs(list) do
        if monitor.active and by_node[monitor.owner] then
            by_node[monitor.owner] = by_node[monitor.owner] + 1
        end
    end
    return by_node
end

--- Sum of the squares of the loads, in which less is more even.
local function unevenness(list, nodes)
    local loads, sum = {}, 0
    for _, node_id in ipairs(nodes) do
        loads[node_id] = 0
    end
    for _, monitor in ipairs(list) do
        if monitor.active and loads[monitor.owner] then
            loads[monitor.owner] = loads[monitor.owner] + 1 / monitor.interval
        end
    end
    for _, load in pairs(loads) do
        sum = sum + load * load
    end
    return sum, loads
end

local function copy(list)
    local result = {}
    for index, monitor in ipairs(list) do
        result[index] = {}
        for key, value in pairs(monitor) do
            result[index][key] = value
        end
    end
    return result
end

--- A cluster by chance: nodes, monitors of several intervals, some pinned, some paused, some of a node that is away.
local function generated(seed, intervals)
    math.randomseed(seed)
    local nodes, list = {}, {}
    for index = 1, math.random(2, 6) do
        nodes[index] = "n" .. index
    end
    local skew = math.random(1, 3)
    for id = 1, math.random(0, 150) do
        local owner = nodes[math.ceil(#nodes * math.random() ^ skew)] or nodes[1]
        list[id] = {
            id = id,
            active = math.random() < 0.9,
            interval = intervals[math.random(#intervals)],
            owner = math.random() < 0.05 and "away" or owner,
            movable = math.random() < 0.85,
        }
    end
    return nodes, list
end

describe("placement.rebalance even_out", function()
    it("moves nothing when the nodes are as even as they can be", function()
        assert.same({}, rebalance.even_out(NODES, monitors({ a = 3, b = 3, c = 2, d = 3 }), 100))
        assert.same({}, rebalance.even_out({ "a" }, monitors({ a = 3 }), 100))
        assert.same({}, rebalance.even_out({}, {}, 100))
    end)

    it("gives a new node its share with the fewest moves", function()
        local list = monitors({ a = 10, b = 10, c = 10 })
        local moves = rebalance.even_out(NODES, list, 100)
        assert.equal(7, #moves)
        carry_out(list, moves)
        assert.same({ a = 7, b = 8, c = 8, d = 7 }, counts(list))
    end)

    it("takes the monitor that makes the difference smallest", function()
        local list = {
            { id = 1, active = true, interval = 1, owner = "a", movable = true },
            { id = 2, active = true, interval = 2, owner = "a", movable = true },
            { id = 3, active = true, interval = 100, owner = "a", movable = true },
        }
        local moves = rebalance.even_out({ "a", "b" }, list, 100)
        assert.same({ { id = 1, from = "a", to = "b" } }, { moves[1] })
    end)

    it("leaves what is pinned or a guest, and counts it", function()
        local list = monitors({ a = 6 }, { movable = false })
        table.insert(list, { id = 7, active = true, interval = 20, owner = "a", movable = true })
        assert.same({ { id = 7, from = "a", to = "b" } }, rebalance.even_out({ "a", "b" }, list, 100))
    end)

    it("keeps to the limit of the node that gets them", function()
        local list = monitors({ a = 30, b = 4 })
        for _, monitor in ipairs(list) do
            monitor.interval = monitor.owner == "b" and 1000 or 20
        end
        carry_out(list, rebalance.even_out({ "a", "b" }, list, 6))
        assert.same({ a = 28, b = 6 }, counts(list, { "a", "b" }))
    end)

    it("never makes anything worse, loses nothing and moves nothing that has to stay, whatever there is", function()
        for seed = 1, 300 do
            local nodes, list = generated(seed, { 20, 30, 60, 61, 300, 3600 })
            local limit = math.random(5, 80)
            local before, before_counts = unevenness(list, nodes), counts(list, nodes)
            local moves = rebalance.even_out(nodes, list, limit)
            local total = #list
            carry_out(list, moves)
            assert.equal(total, #list)
            assert.is_true(unevenness(list, nodes) <= before, "seed " .. seed)
            for node_id, count in pairs(counts(list, nodes)) do
                assert.is_true(count <= math.max(limit, before_counts[node_id]), "seed " .. seed)
            end
            assert.same({}, rebalance.even_out(nodes, list, limit), "seed " .. seed)
        end
    end)

    it("makes no single move that would help when it ends", function()
        for seed = 1, 100 do
            local nodes, list = generated(seed, { 20, 60, 300 })
            carry_out(list, rebalance.even_out(nodes, list, 1000))
            local _, loads = unevenness(list, nodes)
            for _, monitor in ipairs(list) do
                for _, node_id in ipairs(nodes) do
                    if monitor.active and monitor.movable and loads[monitor.owner] then
                        local gain = loads[monitor.owner] - loads[node_id] - 1 / monitor.interval
                        assert.is_true(gain < 1e-6, "seed " .. seed)
                    end
                end
            end
        end
    end)

    it("needs the fewest moves when all intervals are the same, and ends with counts that differ by one at most", function()
        for seed = 1, 200 do
            local nodes, list = generated(seed, { 60 })
            for _, monitor in ipairs(list) do
                monitor.movable = true
            end
            local before = counts(list, nodes)
            local total = 0
            for _, count in pairs(before) do
                total = total + count
            end
            local floor = math.floor(total / #nodes)
            local above, below = 0, 0
            for _, count in pairs(before) do
                above = above + math.max(0, count - floor - 1)
                below = below + math.max(0, floor - count)
            end
            local moves = rebalance.even_out(nodes, list, 1000)
            assert.equal(math.max(above, below), #moves, "seed " .. seed)
            carry_out(list, moves)
            for _, count in pairs(counts(list, nodes)) do
                assert.is_true(count == floor or count == floor + 1, "seed " .. seed)
            end
        end
    end)

    it("comes in batches to the same plan as at once", function()
        for seed = 1, 50 do
            local nodes, list = generated(seed, { 60 })
            local whole = rebalance.even_out(nodes, copy(list), 1000)
            local parts = {}
            repeat
                local batch = rebalance.even_out(nodes, list, 1000, 5)
                carry_out(list, batch)
                for _, move in ipairs(batch) do
                    table.insert(parts, move)
                end
            until #batch == 0
            assert.same(whole, parts, "seed " .. seed)
        end
    end)

    it("plans 100,000 monitors for 200 nodes of which half are new", function()
        local nodes, list = {}, {}
        for index = 1, 200 do
            nodes[index] = string.format("n%03d", index)
        end
        for id = 1, 100000 do
            list[id] = { id = id, active = true, interval = 20 + id % 300, owner = nodes[id % 100 + 1], movable = true }
        end
        local before = unevenness(list, nodes)
        carry_out(list, rebalance.even_out(nodes, list, 1000))
        assert.is_true(unevenness(list, nodes) < before * 0.51)
    end)
end)

describe("placement.anew", function()
    it("comes to nothing once it is carried out, also in parts", function()
        for seed = 1, 100 do
            local nodes, list = generated(seed, { 20, 60, 64, 300, 3600 })
            local whole = anew.place_anew(nodes, list, 40)
            local parts = {}
            local left = whole
            while #left > 0 do
                local batch = { left[1], left[2], left[3] }
                carry_out(list, batch)
                for _, move in ipairs(batch) do
                    table.insert(parts, move)
                end
                left = anew.place_anew(nodes, list, 40)
            end
            assert.same(whole, parts, "seed " .. seed)
        end
    end)

    it("makes equal counts of equal monitors and leaves what is pinned or a guest", function()
        local list = monitors({ a = 20, b = 4 })
        list[1].movable = false
        carry_out(list, anew.place_anew({ "a", "b", "c" }, list, 100))
        assert.same({ a = 8, b = 8, c = 8 }, counts(list, { "a", "b", "c" }))
    end)

    it("spreads paused monitors as well", function()
        local list = monitors({ a = 9 }, { active = false })
        assert.equal(6, #anew.place_anew({ "a", "b", "c" }, list, 100))
    end)
end)

describe("placement.imbalance", function()
    local function of(counts, min_diff, factor)
        local nodes = {}
        for index, count in ipairs(counts) do
            nodes[index] = { node_id = "n" .. index, load = 0, count = count }
        end
        return imbalance.imbalance(nodes, min_diff or 10, factor or 2)
    end

    it("is there only beyond both the difference and the factor", function()
        assert.equal("n2 runs 20 monitors, n1 10", of({ 10, 20, 15 }))
        assert.is_nil(of({ 10, 19 }))
        assert.is_nil(of({ 11, 21 }))
        assert.is_not_nil(of({ 0, 10 }))
        assert.is_nil(of({ 0, 9 }))
        assert.is_nil(of({ 50 }))
        assert.is_nil(of({}))
    end)
end)
