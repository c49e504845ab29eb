local choose = require("routing.choose")

local function peer(node_id, status, monitor_count, is_primary)
    return { node_id = node_id, status = status, monitor_count = monitor_count, is_primary = is_primary or false }
end

local function ids(peers)
    local list = {}
    for index, one in ipairs(peers) do
        list[index] = one.node_id
    end
    return list
end

describe("routing.choose", function()
    it("puts online nodes with fewer monitors first, equal ones by id", function()
        local ranking = choose.rank({ peer("c", "online", 5), peer("b", "online", 2), peer("a", "online", 5) })
        assert.same({ "b", "a", "c" }, ids(ranking.online))
        assert.equal(1, ranking.ties)
    end)

    it("keeps nodes that are not online apart, the likeliest to answer first", function()
        local ranking = choose.rank({
            peer("off", "offline", 0),
            peer("drain", "draining", 0),
            peer("back", "recovering", 0),
            peer("on", "online", 9),
        })
        assert.same({ "on" }, ids(ranking.online))
        assert.same({ "back", "drain", "off" }, ids(ranking.others))
    end)

    it("spreads clients by hash over the nodes of equal load only", function()
        local ranking = choose.rank({ peer("a", "online", 1), peer("b", "online", 1), peer("c", "online", 2) })
        local seen = {}
        for hash = 0, 9 do
            local chosen = choose.least_loaded(ranking, hash)
            seen[chosen.node_id] = (seen[chosen.node_id] or 0) + 1
        end
        assert.same({ a = 5, b = 5 }, seen)
    end)

    it("has nobody for a request when no node is online", function()
        assert.is_nil(choose.least_loaded(choose.rank({ peer("a", "offline", 0) }), 7))
    end)

    it("takes the marked primary, else the lowest id", function()
        assert.equal("b", choose.rank({ peer("a", "online", 0), peer("b", "offline", 0, true) }).primary.node_id)
        assert.equal("a", choose.rank({ peer("b", "online", 0), peer("a", "online", 0) }).primary.node_id)
        assert.equal("b", choose.rank({ peer("c", "online", 0, true), peer("b", "online", 0, true), peer("a", "online", 0) }).primary.node_id)
        assert.is_nil(choose.rank({}).primary)
    end)

    it("goes on with who is online and has not been tried, with a failing one last", function()
        local ranking = choose.rank({ peer("a", "online", 1), peer("b", "online", 2), peer("c", "online", 3), peer("d", "draining", 0) })
        local function failing(node_id)
            return node_id == "b"
        end
        assert.equal("c", choose.next_peer(ranking, { a = true }, failing).node_id)
        assert.equal("b", choose.next_peer(ranking, { a = true, c = true }, failing).node_id)
        assert.is_nil(choose.next_peer(ranking, { a = true, b = true, c = true }, failing))
    end)

    it("goes on with the others when nobody is online, the likeliest first", function()
        local ranking = choose.rank({ peer("a", "offline", 0), peer("b", "draining", 0) })
        local function failing()
            return false
        end
        assert.equal("b", choose.next_peer(ranking, {}, failing).node_id)
        assert.equal("a", choose.next_peer(ranking, { b = true }, failing).node_id)
    end)

    it("leaves room for an attempt at each other node, since it may be online by then", function()
        local ranking = choose.rank({ peer("a", "online", 1), peer("b", "offline", 0), peer("c", "draining", 0) })
        assert.equal(2, choose.route_to(ranking.online[1], ranking, "load-balancer", false).alternatives)
    end)

    it("names a node in headers without doubling the prefix", function()
        assert.equal("uptime-kuma-node2", choose.routed_name("node2"))
        assert.equal("uptime-kuma-node2", choose.routed_name("uptime-kuma-node2"))
    end)
end)
