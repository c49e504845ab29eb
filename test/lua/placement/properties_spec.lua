local plan = require("placement.plan")
local rebalance = require("placement.rebalance")
local place_anew = require("placement.anew").place_anew
local property = require("support.property")

local INTERVALS = { -1, 0, 1, 20, 20, 60, 300, 86400 }
--- Of sums of fractions.
local TOLERANCE = 1e-9

local function monitor(random, id)
    return { id = id, active = random.whole(1, 5) > 1, interval = random.one(INTERVALS) }
end

local function to_be_placed(random, size)
    local case = { limit = random.whole(1, size) }
    case.targets = random.list(math.ceil(size / 4), function(index)
        return { node_id = "n" .. index, load = random.whole(0, 3) / 7, count = random.whole(0, size) }
    end)
    case.monitors = random.list(size * 2, function(id)
        return monitor(random, id)
    end)
    return case
end

local function placed_over(random, size)
    local case = { nodes = {}, limit = random.whole(1, size) }
    for index = 1, random.whole(1, math.ceil(size / 4)) do
        case.nodes[index] = "n" .. index
    end
    case.monitors = random.list(size * 2, function(id)
        local one = monitor(random, id)
        one.owner = random.whole(1, 10) == 1 and "elsewhere" or random.one(case.nodes)
        one.movable = random.whole(1, 4) > 1
        return one
    end)
    return case
end

local function by_id(monitors)
    local found = {}
    for _, one in ipairs(monitors) do
        found[one.id] = one
    end
    return found
end

--- Load and number of active monitors of each node.
local function states(nodes, monitors)
    local found = {}
    for _, node in ipairs(nodes) do
        found[node] = { load = 0, count = 0 }
    end
    for _, one in ipairs(monitors) do
        local state = found[one.owner]
        if state ~= nil and one.active then
            state.load = state.load + plan.weight(one)
            state.count = state.count + 1
        end
    end
    return found
end

local function extremes(state)
    local least, most, squares = math.huge, -math.huge, 0
    for _, one in pairs(state) do
        least, most, squares = math.min(least, one.load), math.max(most, one.load), squares + one.load ^ 2
    end
    return least, most, squares
end

--- The monitors after the moves, each of which must be one that may be made.
local function after(case, moves)
    local known, moved, nodes = by_id(case.monitors), {}, {}
    for _, node in ipairs(case.nodes) do
        nodes[node] = true
    end
    for _, move in ipairs(moves) do
        assert.is_nil(moved[move.id], "moved twice")
        assert.is_true(known[move.id].movable)
        assert.equal(known[move.id].owner, move.from)
        assert.is_true(nodes[move.to])
        assert.not_equal(move.from, move.to)
        moved[move.id] = move.to
    end
    local list = {}
    for index, one in ipairs(case.monitors) do
        local copy = { owner = moved[one.id] or one.owner, movable = one.movable }
        copy.id, copy.active, copy.interval = one.id, one.active, one.interval
        list[index] = copy
    end
    return list
end

describe("placement.plan, of any monitors and nodes,", function()
    it("places each monitor once, and beyond the limit only what no node has room for", function()
        property.check(to_be_placed, function(case)
            local result = plan.spread(case.monitors, case.targets, case.limit)
            local known, seen, total, active, room = by_id(case.monitors), {}, 0, 0, 0
            for _, share in ipairs(result.shares) do
                for _, id in ipairs(share.ids) do
                    assert.is_nil(seen[id])
                    assert.is_table(known[id])
                    seen[id] = true
                    total = total + 1
                end
            end
            for _, one in ipairs(case.monitors) do
                active = active + (one.active and 1 or 0)
            end
            for _, target in ipairs(case.targets) do
                room = room + math.max(0, case.limit - target.count)
            end
            local none = #case.targets == 0
            assert.equal(none and 0 or #case.monitors, total)
            assert.equal(none and 0 or math.max(0, active - room), result.over_capacity)
        end)
    end)

    it("says of each share what it adds, and what is over the limit is as much as it says", function()
        property.check(to_be_placed, function(case)
            local known, counts, over = by_id(case.monitors), {}, 0
            for _, target in ipairs(case.targets) do
                counts[target.node_id] = target.count
            end
            local result = plan.spread(case.monitors, case.targets, case.limit)
            for _, share in ipairs(result.shares) do
                local load, count = 0, 0
                for _, id in ipairs(share.ids) do
                    load = load + plan.weight(known[id])
                    count = count + (known[id].active and 1 or 0)
                end
                assert.is_true(math.abs(load - share.load) < TOLERANCE)
                assert.equal(count, share.count)
                local before = math.max(case.limit, counts[share.node_id])
                over = over + math.max(0, counts[share.node_id] + count - before)
            end
            assert.equal(result.over_capacity, over)
        end)
    end)

    it("leaves no node that got some heavier than another one by more than its lightest monitor", function()
        property.check(to_be_placed, function(case)
            local known, loads, least = by_id(case.monitors), {}, math.huge
            for _, target in ipairs(case.targets) do
                loads[target.node_id] = target.load
            end
            local result = plan.spread(case.monitors, case.targets, math.huge)
            for _, share in ipairs(result.shares) do
                loads[share.node_id] = loads[share.node_id] + share.load
            end
            for _, load in pairs(loads) do
                least = math.min(least, load)
            end
            for _, share in ipairs(result.shares) do
                local lightest = math.huge
                for _, id in ipairs(share.ids) do
                    lightest = math.min(lightest, plan.weight(known[id]))
                end
                assert.is_true(loads[share.node_id] - least <= lightest + TOLERANCE)
            end
        end)
    end)

    it("plans the same for the same, and equal loads in whatever order the monitors come", function()
        property.check(to_be_placed, function(case, random)
            local first = plan.spread(case.monitors, case.targets, case.limit)
            assert.same(first, plan.spread(case.monitors, case.targets, case.limit))
            local other = plan.spread(random.shuffled(case.monitors), case.targets, case.limit)
            assert.equal(#first.shares, #other.shares)
            for index, share in ipairs(first.shares) do
                assert.equal(share.node_id, other.shares[index].node_id)
                assert.equal(share.count, other.shares[index].count)
                assert.equal(#share.ids, #other.shares[index].ids)
            end
        end)
    end)
end)

describe("placement.rebalance, of any monitors and nodes,", function()
    it("makes nothing worse, keeps to the limit and comes to an end", function()
        property.check(placed_over, function(case)
            local moves = rebalance.even_out(case.nodes, case.monitors, case.limit)
            local list = after(case, moves)
            local before, now = states(case.nodes, case.monitors), states(case.nodes, list)
            local least, most, squares = extremes(before)
            local new_least, new_most, new_squares = extremes(now)
            assert.is_true(new_least >= least - TOLERANCE and new_most <= most + TOLERANCE)
            assert.is_true(new_squares <= squares + TOLERANCE)
            for node, state in pairs(now) do
                assert.is_true(state.count <= math.max(case.limit, before[node].count))
            end
            assert.same({}, rebalance.even_out(case.nodes, list, case.limit))
        end)
    end)

    it("makes no more moves than it is told to, each of which is of use", function()
        property.check(placed_over, function(case, random)
            local most = random.whole(0, 5)
            local moves = rebalance.even_out(case.nodes, case.monitors, case.limit, most)
            assert.is_true(#moves <= most)
            local _, _, squares = extremes(states(case.nodes, case.monitors))
            local _, _, new_squares = extremes(states(case.nodes, after(case, moves)))
            assert.is_true(#moves == 0 or new_squares < squares)
        end)
    end)

    it("places all anew in a way that needs no second time", function()
        property.check(placed_over, function(case)
            case.monitors = after(case, place_anew(case.nodes, case.monitors, case.limit))
            assert.same({}, place_anew(case.nodes, case.monitors, case.limit))
        end)
    end)
end)
