local database = require("support.database")
local fresh = require("support.fresh")

describe("store: fenced writes", function()
    local db, lease_store, assignments, monitors, nodes, schema

    before_each(function()
        database.clear()
        db = fresh.require("db")
        lease_store = require("store.lease")
        assignments = require("store.assignments")
        monitors = require("store.monitors")
        nodes = require("store.nodes")
        schema = require("store.schema")
        assert(schema.ensure())
        database.root([[CREATE TABLE monitor (id INT UNSIGNED PRIMARY KEY AUTO_INCREMENT, name VARCHAR(150),
            active BOOLEAN NOT NULL DEFAULT 1, user_id INT, `interval` INT NOT NULL DEFAULT 20, push_token VARCHAR(20))]])
        for _, statement in ipairs(require("store.ddl").MONITOR_DDL) do
            assert(db.query(statement))
        end
        database.root([[INSERT INTO node (node_id, host, status) VALUES ('a', 'a:1', 'online'), ('b', 'b:1', 'online')]])
        database.root([[INSERT INTO monitor (name, node_id) VALUES ('m1', 'a'), ('m2', 'a'), ('m3', 'b'), ('m4', NULL)]])
    end)

    local function lead(session)
        assert(lease_store.create())
        assert.is_true(lease_store.take("lb", session, assert(lease_store.read())))
        return { session = session, epoch = assert(lease_store.read()).epoch }
    end

    local function to(node_id, ids)
        return { { node_id = node_id, ids = ids } }
    end

    local function owned(node_id)
        local ids = {}
        for _, row in ipairs(assert(monitors.movable_of(node_id))) do
            table.insert(ids, row.id)
        end
        return ids
    end

    it("gives the lease to one holder and a higher epoch to the next", function()
        local unheld = assert(lease_store.create()) and assert(lease_store.read())
        assert.equal("", unheld.session)
        local first = lead("s1")
        assert.is_false(lease_store.take("other", "s2", unheld))
        local seen = assert(lease_store.read())
        assert.is_true(lease_store.renew(first))
        assert.is_false(lease_store.take("other", "s2", seen))
        local second = lead("s2")
        assert.equal(first.epoch + 1, second.epoch)
        assert.is_false(lease_store.renew(first))
        assert.is_true(lease_store.renew(second))
        assert.is_false(lease_store.release(first))
        assert.is_true(lease_store.release(second))
        assert.equal("", assert(lease_store.read()).session)
    end)

    it("moves monitors for the leader and reads the new owners", function()
        local lease = lead("s1")
        assert.equal(2, assignments.move(to("b", { 1, 2 }), "a", 7, lease))
        assert.same({}, owned("a"))
        assert.same({ 1, 2, 3 }, owned("b"))
    end)

    it("tells which monitors may be moved, and forgets the pins of monitors that are gone", function()
        database.root("INSERT INTO cluster_pin (monitor_id) VALUES (1), (77)")
        local movable = assert(monitors.movable_of("a"))
        assert.equal(1, #movable)
        assert.equal(2, movable[1].id)
        assert(require("store.pins").prune())
        local pins = assert(db.query("SELECT monitor_id FROM cluster_pin"))
        assert.equal(1, #pins)
        assert.equal(1, pins[1].monitor_id)
    end)

    it("changes nothing for a leader whose epoch is over", function()
        local old = lead("s1")
        lead("s2")
        assert.equal(0, assignments.move(to("b", { 1, 2 }), "a", 7, old))
        assert.equal(0, assignments.adopt(to("b", { 4 }), 7, old))
        assert.is_false(nodes.set_status("a", "online", "offline", "dead", old))
        assert.same({ 1, 2 }, owned("a"))
    end)

    it("leaves a monitor alone that somebody has moved meanwhile", function()
        local lease = lead("s1")
        database.root("UPDATE monitor SET assigned_node = 'c' WHERE id = 1")
        assert.equal(1, assignments.move(to("b", { 1, 2 }), "a", 7, lease))
        assert.same({ 1 }, owned("c"))
    end)

    it("clears the override when a monitor moves to its own home", function()
        local lease = lead("s1")
        assert.equal(1, assignments.move(to("b", { 1 }), "a", 7, lease))
        assert.equal(1, assignments.move(to("a", { 1 }), "b", 7, lease))
        assert.equal("NULL", (database.root("SELECT assigned_node FROM monitor WHERE id = 1"):gsub("%s", "")))
    end)

    it("finds and adopts monitors without a home", function()
        local lease = lead("s1")
        assert.equal(4, assert(monitors.without_owner())[1].id)
        assert.equal(1, assignments.adopt(to("b", { 4 }), 7, lease))
        assert.same({}, assert(monitors.without_owner()))
    end)

    it("moves 5000 monitors in a few statements", function()
        database.root("INSERT INTO monitor (name, node_id) SELECT 'x', 'a' FROM seq_1_to_5000")
        local ids = owned("a")
        assert.equal(5002, #ids)
        assert.equal(5002, assignments.move(to("b", ids), "a", 7, lead("s1")))
        assert.equal(0, #owned("a"))
    end)

    it("counts active monitors by effective owner", function()
        database.root("UPDATE monitor SET active = 0 WHERE id = 3; UPDATE monitor SET assigned_node = 'b' WHERE id = 1")
        local rows = assert(nodes.list())
        assert.same({ 1, 1 }, { rows[1].monitor_count, rows[1].monitor_total })
        assert.same({ 1, 2 }, { rows[2].monitor_count, rows[2].monitor_total })
    end)
end)

describe("store: a database that somebody else prepared", function()
    before_each(function()
        database.clear()
    end)

    it("works on visible columns, without owner_node, in another collation", function()
        database.root([[CREATE TABLE node (id INT PRIMARY KEY AUTO_INCREMENT, node_id VARCHAR(50) NOT NULL UNIQUE,
            node_name VARCHAR(100) NOT NULL, host VARCHAR(255), status ENUM('online','offline','recovering') DEFAULT 'online',
            last_seen DATETIME) COLLATE utf8mb4_unicode_ci]])
        database.root([[CREATE TABLE monitor (id INT PRIMARY KEY AUTO_INCREMENT, active BOOLEAN DEFAULT 1, `interval` INT DEFAULT 60,
            node_id VARCHAR(50), assigned_node VARCHAR(50)) COLLATE utf8mb4_general_ci]])
        database.root("INSERT INTO node (node_id, node_name, host) VALUES ('a', 'A', 'a:3001'), ('b', 'B', 'b:3001')")
        database.root("INSERT INTO monitor (node_id, assigned_node) VALUES ('a', NULL), ('a', 'b'), ('b', NULL)")
        fresh.require("db")
        assert(require("store.schema").ensure())
        local rows = assert(require("store.nodes").list())
        assert.same({ "a", 1, "b", 2 }, { rows[1].node_id, rows[1].monitor_count, rows[2].node_id, rows[2].monitor_count })
        assert.same({}, assert(require("store.monitors").without_owner()))
    end)

    it("has no nodes and no users before Uptime Kuma has made its tables", function()
        fresh.require("db")
        assert.same({}, assert(require("store.nodes").list()))
        local any, err = require("store.users").any()
        assert.is_nil(err)
        assert.is_false(any)
    end)
end)
