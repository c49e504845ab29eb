local connections = require("support.connections")
local fresh = require("support.fresh")

describe("failover.assessment", function()
    local assess, records
    local gone = { node_id = "node1", host = "127.0.0.1:1", status = "online", load = 0, monitor_count = 0 }

    before_each(function()
        ngx.shared.health_checker:flush_all()
        ngx.shared.cluster_control:flush_all()
        assess = fresh.require("failover.assessment").assess
        records = require("failover.records")
    end)

    local function lead(epoch)
        ngx.shared.cluster_control:set("lease:epoch", epoch)
    end

    local function failures()
        return records.get("node1").failures
    end

    it("takes a node offline after three failed checks in a row", function()
        lead(1)
        for failed = 1, 2 do
            assert.same({}, assess({ gone }, true, 60).transitions)
            assert.equal(failed, failures())
        end
        local transitions = assess({ gone }, true, 60).transitions
        assert.equal("offline", transitions[1].to)
        assert.matches("3 failed checks in a row", transitions[1].reason)
    end)

    it("counts anew when another one has led meanwhile, and checks at once", function()
        lead(1)
        assess({ gone }, true, 60)
        assess({ gone }, true, 60)
        lead(3)
        local assessment = assess({ gone }, false, 60)
        assert.same({}, assessment.transitions)
        assert.equal(1, assessment.sightings[1].failures)
        assert.equal(1, failures())
    end)

    it("holds it against no node that this worker has no connection left", function()
        lead(1)
        assess({ gone }, true, 60)
        local give_back = connections.take_all()
        for _ = 1, 3 do
            assert.same({}, assess({ gone }, true, 60).transitions)
        end
        give_back()
        assert.equal(1, failures())
    end)
end)
