local database = require("support.database")
local fresh = require("support.fresh")

describe("store: events", function()
    local db, events

    before_each(function()
        database.clear()
        db = fresh.require("db")
        events = require("store.events")
        assert(require("store.schema").ensure())
    end)

    local function types()
        local found = {}
        for _, row in ipairs(assert(db.query("SELECT type FROM cluster_event ORDER BY id"))) do
            table.insert(found, row.type)
        end
        return found
    end

    it("keeps the history for a month, and what nodes told each other for an hour", function()
        assert(db.query([[INSERT INTO cluster_event (type, at) VALUES
            ('failover', NOW(6) - INTERVAL 40 DAY), ('failover', NOW(6) - INTERVAL 20 DAY),
            ('kuma.list', NOW(6) - INTERVAL 2 HOUR), ('kuma.latest-version', NOW(6) - INTERVAL 2 HOUR),
            ('kuma.list', NOW(6) - INTERVAL 50 MINUTE)]]))
        assert.is_true(events.prune())
        assert.same({ "failover", "kuma.latest-version", "kuma.list" }, types())
    end)

    it("tells an event whose detail is no JSON, or none that can be written again, without it", function()
        for _, detail in ipairs({ "{", "", "NaN", '{"a":1e999}', ("["):rep(200) .. ("]"):rep(200) }) do
            database.root("DELETE FROM cluster_event")
            database.root(("INSERT INTO cluster_event (type, detail) VALUES ('odd', '%s')"):format(detail))
            assert.same({}, assert(events.after(0, 10))[1].detail, detail)
        end
    end)
end)
