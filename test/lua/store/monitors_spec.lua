local database = require("support.database")
local fresh = require("support.fresh")

describe("store: monitors", function()
    local db, monitors

    before_each(function()
        database.clear()
        db = fresh.require("db")
        monitors = require("store.monitors")
    end)

    local function create_tables()
        assert(require("store.schema").ensure())
        database.root([[CREATE TABLE monitor (id INT UNSIGNED PRIMARY KEY AUTO_INCREMENT, name VARCHAR(150),
            active BOOLEAN NOT NULL DEFAULT 1, user_id INT, `interval` INT NOT NULL DEFAULT 20, push_token VARCHAR(20))]])
        for _, statement in ipairs(require("store.ddl").MONITOR_DDL) do
            assert(db.query(statement))
        end
    end

    it("knows the homes that monitors have left, in whatever case a row has the node", function()
        create_tables()
        database.root("INSERT INTO node (node_id) VALUES ('a'), ('b'), ('c')")
        database.root([[INSERT INTO monitor (name, node_id, assigned_node) VALUES ('home', 'a', NULL),
            ('home, too', 'b', 'b'), ('away', 'C', 'a'), ('away, too', 'c', 'b'), ('of nobody', 'gone', 'a'), ('new', NULL, NULL)]])
        assert.same({ c = true }, monitors.homes_left())
    end)

    it("knows of none before there are tables", function()
        assert.same({}, monitors.homes_left())
    end)

    it("knows who runs the monitor of a push token", function()
        create_tables()
        database.root("INSERT INTO monitor (name, push_token, node_id, assigned_node) VALUES ('away', 'token', 'a', 'b')")
        assert.equal("b", monitors.owner_of_push_token("token"))
        local owner, err = monitors.owner_of_push_token("other")
        assert.is_nil(owner)
        assert.is_nil(err)
    end)
end)
