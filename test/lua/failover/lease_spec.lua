local database = require("support.database")
local fresh = require("support.fresh")

describe("failover.lease at the end of a worker", function()
    local lease, store

    before_each(function()
        ngx.shared.cluster_control:flush_all()
        database.clear()
        lease = fresh.require("failover.lease")
        store = require("store.lease")
        assert(require("store.schema").ensure())
        lease.new_generation()
        lease.start_generation()
        assert(lease.hold())
    end)

    local function is_held()
        return assert(store.read()).session ~= ""
    end

    -- What the master process does in a reload, which runs the modules anew.
    local function read_configuration()
        local reloaded = fresh.require("failover.lease")
        reloaded.new_generation()
        return reloaded
    end

    it("gives the lease back when the load balancer ends", function()
        lease.release()
        assert.is_false(is_held())
    end)

    it("keeps the lease in a reload, even before the first new worker has come so far", function()
        local reloaded = read_configuration()
        lease.release()
        assert.is_true(is_held())
        reloaded.start_generation()
        lease.release()
        assert.is_true(is_held())
        reloaded.release()
        assert.is_false(is_held())
    end)

    it("gives it back after a reload that nginx has given up", function()
        read_configuration()
        ngx.shared.cluster_control:delete("generation:loading")
        lease.release()
        assert.is_false(is_held())
    end)
end)
