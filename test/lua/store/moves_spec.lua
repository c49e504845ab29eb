local database = require("support.database")
local fresh = require("support.fresh")

describe("store: the log of moves", function()
    local db, moves, operations

    before_each(function()
        database.clear()
        db = fresh.require("db")
        moves = require("store.moves")
        operations = require("store.operations")
        assert(require("store.schema").ensure())
        database.root([[CREATE TABLE monitor (id INT UNSIGNED PRIMARY KEY AUTO_INCREMENT, name VARCHAR(150),
            active BOOLEAN NOT NULL DEFAULT 1, user_id INT, `interval` INT NOT NULL DEFAULT 20, push_token VARCHAR(20))]])
        for _, statement in ipairs(require("store.ddl").MONITOR_DDL) do
            assert(db.query(statement))
        end
        database.root("INSERT INTO monitor (name, node_id, assigned_node) VALUES ('home', 'a', NULL), ('away', 'a', 'b')")
    end)

    local function ids()
        local found = {}
        for _, row in ipairs(assert(db.query("SELECT id FROM cluster_move ORDER BY id"))) do
            table.insert(found, tonumber(row.id))
        end
        return found
    end

    it("forgets what is old, but not why a monitor is away from home", function()
        database.root([[INSERT INTO cluster_operation (id, type, status, finished_at) VALUES
            (1, 'failover', 'done', NOW() - INTERVAL 40 DAY), (2, 'failover', 'done', NOW() - INTERVAL 40 DAY)]])
        database.root([[INSERT INTO cluster_move (id, operation, monitor_id, to_node, epoch, seconds, state, moved_at) VALUES
            (1, 1, 1, 'b', 1, 20, 'beating', NOW() - INTERVAL 40 DAY), (2, 2, 2, 'b', 1, 20, 'beating', NOW() - INTERVAL 40 DAY),
            (3, 2, 1, 'b', 1, 20, 'beating', NOW())]])
        assert(moves.prune())
        assert(operations.prune())
        assert.same({ 2, 3 }, ids())
        assert.is_nil(operations.find(1))
        assert.equal("failover", operations.find(2).type)
    end)

    it("explains a monitor by its latest moves", function()
        database.root([[INSERT INTO cluster_operation (id, type, status, reason) VALUES (5, 'failover', 'running', 'it died')]])
        database.root([[INSERT INTO cluster_move (operation, monitor_id, from_node, to_node, epoch, seconds)
            VALUES (5, 2, 'a', 'b', 7, 20)]])
        local move = assert(moves.of_monitor(2, 10))[1]
        assert.same({ "failover", "it died", "a", "b", 7, "waiting" },
            { move.type, move.reason, move.from_node, move.to_node, move.epoch, move.state })
        assert.same({}, assert(moves.of_monitor(1, 10)))
    end)

    it("tells a move whose operation is gone", function()
        database.root([[INSERT INTO cluster_move (operation, monitor_id, to_node, epoch, seconds) VALUES (99, 2, 'b', 7, 20)]])
        local move = assert(moves.of_monitor(2, 10))[1]
        local found = { name = "", active = true, pinned = false, node_id = "a", assigned_node = "b", owner_node = "b" }
        local sentence = require("failover.explanation").explain(found, "online", move).sentence
        assert.is_truthy(sentence:find("it was moved to b by operation 99", 1, true), sentence)
    end)

    it("works before Uptime Kuma has its tables", function()
        database.root("DROP TABLE monitor")
        assert.equal(0, moves.settle())
        assert(moves.prune())
    end)
end)
