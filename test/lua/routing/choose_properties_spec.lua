local choose = require("routing.choose")
local property = require("support.property")

local STATUSES = { "online", "online", "recovering", "draining", "offline", "odd" }

local function peers(random, size)
    return random.list(size, function(index)
        local marked = random.whole(1, 5) == 1
        local count = random.whole(0, 3)
        return { node_id = "n" .. index, status = random.one(STATUSES), monitor_count = count, is_primary = marked }
    end)
end

local function ids(list)
    local found = {}
    for index, peer in ipairs(list) do
        found[index] = peer.node_id
    end
    return found
end

local function online(list)
    local found = {}
    for _, peer in ipairs(list) do
        if peer.status == "online" then
            table.insert(found, peer)
        end
    end
    return found
end

describe("routing.choose, of any nodes,", function()
    it("chooses one that is online while there is one, and of those one with the fewest monitors", function()
        property.check(peers, function(list, random)
            local ranking = choose.rank(list)
            local chosen = choose.least_loaded(ranking, random.whole(0, 1000000))
            local awake = online(list)
            assert.equal(#awake == 0, chosen == nil)
            for _, peer in ipairs(awake) do
                assert.equal("online", chosen.status)
                assert.is_true(chosen.monitor_count <= peer.monitor_count)
            end
            assert.equal(#list, #ranking.online + #ranking.others)
        end)
    end)

    it("gives each of equal load the same share of the hashes", function()
        property.check(peers, function(list)
            local ranking = choose.rank(list)
            local seen = {}
            for hash = 0, ranking.ties * 7 - 1 do
                local id = choose.least_loaded(ranking, hash).node_id
                seen[id] = (seen[id] or 0) + 1
            end
            local shared = 0
            for _, times in pairs(seen) do
                assert.equal(7, times)
                shared = shared + 1
            end
            assert.equal(ranking.ties, shared)
        end)
    end)

    it("answers the same in whatever order they come", function()
        property.check(peers, function(list, random)
            local one, other = choose.rank(list), choose.rank(random.shuffled(list))
            assert.same(ids(one.online), ids(other.online))
            assert.same(ids(one.others), ids(other.others))
            assert.equal(one.primary and one.primary.node_id, other.primary and other.primary.node_id)
            assert.equal(one.ties, other.ties)
        end)
    end)

    it("tries each that may serve once, those first who do not fail just now", function()
        property.check(peers, function(list, random)
            local failing, tried, places = {}, {}, {}
            for _, peer in ipairs(list) do
                failing[peer.node_id] = random.whole(1, 4) == 1
            end
            local ranking = choose.rank(list)
            local function is_failing(id)
                return failing[id]
            end
            local peer = choose.next_peer(ranking, tried, is_failing)
            while peer ~= nil do
                assert.is_nil(tried[peer.node_id])
                assert.equal(#ranking.online > 0, peer.status == "online")
                tried[peer.node_id] = true
                table.insert(places, failing[peer.node_id] and 1 or 0)
                peer = choose.next_peer(ranking, tried, is_failing)
            end
            assert.equal(#ranking.online > 0 and #ranking.online or #list, #places)
            for index = 2, #places do
                assert.is_true(places[index - 1] <= places[index])
            end
        end)
    end)
end)
