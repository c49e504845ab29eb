local database = require("support.database")
local fresh = require("support.fresh")

describe("failover.second_opinion", function()
    local revise, partition_reason

    before_each(function()
        database.clear()
        ngx.shared.health_checker:flush_all()
        fresh.require("db")
        revise = require("failover.second_opinion").revise
        partition_reason = require("failover.verdict").partition_reason
        assert(require("store.schema").ensure())
        database.root("INSERT INTO probe (probe_id, region) VALUES ('p1', 'eu'), ('p2', 'us')")
    end)

    --- Votes "p1 n1 up" and the like, so many seconds old.
    local function vote(age, ...)
        for _, text in ipairs({ ... }) do
            local probe, node, status = text:match("^(%S+) (%S+) (%S+)$")
            database.root(([[INSERT INTO probe_node_vote (probe_id, node_id, status, at, reached_at)
                VALUES ('%s', '%s', '%s', NOW(6) - INTERVAL %d SECOND, NOW(6) - INTERVAL 60 SECOND)]]):format(probe, node, status, age))
        end
    end

    --- What was found of three online nodes, of which these fail for the third time.
    local function found(failing, drained)
        local assessment = { transitions = {}, sightings = {} }
        for _, node_id in ipairs({ "n1", "n2", "n3" }) do
            local fails = failing[node_id] == true
            local node = { node_id = node_id, status = "online", drained_at = drained }
            table.insert(assessment.sightings, { node_id = node_id, status = "online", failures = fails and 3 or 0, silent = false })
            if fails then
                table.insert(assessment.transitions, { node = node, to = "offline", reason = "timeout" })
            end
        end
        return assessment
    end

    local function falls(assessment)
        local ids = {}
        for _, transition in ipairs(assessment.transitions) do
            table.insert(ids, transition.node.node_id .. " " .. transition.to)
        end
        return table.concat(ids, ", ")
    end

    it("keeps a node that probes reach, and lets one fall that they do not", function()
        vote(1, "p1 n2 up", "p2 n2 up", "p1 n3 down", "p2 n3 down")
        local revised = assert(revise(found({ n2 = true, n3 = true }), 60))
        assert.equal("n3 offline", falls(revised))
        assert.is_nil(partition_reason(revised.sightings))
        assert.matches("not taken for dead", require("failover.records").why_held("n2"))
    end)

    it("takes nodes that no probe knows as it would without probes", function()
        vote(1, "p1 n1 up", "p1 n2 up")
        local revised = assert(revise(found({ n3 = true }), 60))
        assert.equal("n3 offline", falls(revised))
        assert.is_nil(partition_reason(revised.sightings))
    end)

    it("still takes it for a partition when more than half look dead, to probes too", function()
        vote(1, "p1 n1 up", "p1 n2 down", "p1 n3 down")
        assert.matches("partition", partition_reason(assert(revise(found({ n2 = true, n3 = true }), 60)).sightings))
    end)

    it("lets votes count for longer when the database has just come back", function()
        vote(40, "p1 n2 up", "p2 n2 up")
        assert.equal("n2 offline", falls(assert(revise(found({ n2 = true }), 60))))
        assert.equal("", falls(assert(revise(found({ n2 = true }), 5))))
    end)

    it("carries out the wish of an operator for a node that it holds", function()
        vote(1, "p1 n2 up", "p2 n2 up")
        assert.equal("n2 draining", falls(assert(revise(found({ n2 = true }, "2026-01-01 00:00:00"), 60))))
    end)

    it("does not decide when probes cannot be asked, unless no node fails", function()
        database.root("DROP TABLE probe_node_vote")
        local revised, err = revise(found({ n2 = true }), 60)
        assert.is_nil(revised)
        assert.matches("cannot read what probes say of nodes", err)
        assert(revise(found({}), 60))
    end)
end)
