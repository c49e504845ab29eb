local json = require("lib.json")
local node_checks = require("regions.node_checks")

describe("regions.node_checks", function()
    --- Votes of "u" (up), "d" (down), "a" (abstains), "o" (up, but too old), "n" (down, and never reached it).
    local function counting(text)
        local votes = {}
        for index = 1, #text do
            local letter = text:sub(index, index)
            local vote = {
                node_id = "node1",
                probe_id = "p" .. index,
                region = "r" .. index,
                vote = ({ u = "up", d = "down", a = "abstain", o = "up", n = "down" })[letter],
                age = letter == "o" and 12 or 10,
                reached_age = letter ~= "n" and 60 or nil,
                message = "timeout",
            }
            if node_checks.counts(vote, node_checks.freshness(3)) then
                table.insert(votes, vote)
            end
        end
        return votes
    end

    it("follows the truth table of the three strategies, with a vote of the load balancer's own", function()
        local rows = {
            -- votes of probes, dead by any-down, majority-down, all-down
            { "", true, true, true },
            { "u", true, false, false },
            { "d", true, true, true },
            { "uu", true, false, false },
            { "ud", true, true, false },
            { "dd", true, true, true },
            { "uud", true, false, false },
            { "udd", true, true, false },
            { "ddd", true, true, true },
            { "a", true, true, true },
            { "o", true, true, true },
            { "n", true, true, true },
            { "un", true, false, false },
            { "unnn", true, false, false },
        }
        for _, row in ipairs(rows) do
            for index, strategy in ipairs({ "any-down", "majority-down", "all-down" }) do
                local why = node_checks.why_alive("lb1", counting(row[1]), strategy)
                assert.equal(row[index + 1], why == nil, row[1] .. " " .. strategy)
            end
        end
    end)

    it("says who reaches the node", function()
        assert.equal(
            "not reached from 2 of 4 places, but by p1 in r1, p3 in r3: not taken for dead",
            node_checks.why_alive("lb1", counting("udu"), "majority-down")
        )
    end)

    it("gives each node an id that no user's check has and that JSON keeps", function()
        local seen = {}
        for index = 1, 1000 do
            local id = node_checks.check_id_of("node" .. index)
            assert.is_nil(seen[id])
            seen[id] = true
            assert.is_true(id > 4294967295)
            assert.equal(id, json.decode(json.encode({ id = id })).id)
        end
    end)

    it("asks rarely where there is no way, and less often the more nodes there are", function()
        local function intervals(count, distant)
            local nodes = {}
            for index = 1, count do
                table.insert(nodes, { node_id = "node" .. index, host = "10.0.0." .. index .. ":3001" })
            end
            return node_checks.assignments_for(nodes, distant)
        end
        local few = intervals(2, { node2 = true })
        assert.same({ 3, 60 }, { few[1].interval, few[2].interval })
        assert.same(
            { url = "http://10.0.0.1:3001/api/v1/health", keyword = '"node_id":"node1"' },
            few[1].target
        )
        assert.equal(12, intervals(200, {})[1].interval)
        assert.equal(38, node_checks.freshness(200))
    end)
end)
