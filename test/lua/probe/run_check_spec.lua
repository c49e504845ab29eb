local connections = require("support.connections")
local fresh = require("support.fresh")

describe("probe.run_check", function()
    -- Nobody listens there, and no witness answers: it abstains for another reason at first.
    local assignment = { id = 1, kind = "tcp", target = { host = "127.0.0.1", port = 1 }, timeout_ms = 1000 }

    it("abstains while this worker has no connection left, and says so", function()
        local run_check = fresh.require("probe.run_check").run_check
        assert.matches("the check: connection refused$", run_check(assignment).message)
        local give_back = connections.take_all()
        local reported = run_check(assignment)
        give_back()
        assert.equal("abstain", reported.status)
        assert.matches("^no connection is free here: worker_connections, or open files; the check: ", reported.message)
    end)
end)
