-- The public face, from plain Lua: the snippets of the documentation, against modules copied as a user copies them.
local database = require("support.database")
local fresh = require("support.fresh")

local MODULES = { "config", "db", "logger", "middleware", "monitor_router", "health_check", "dynamic_upstream" }

local FUNCTIONS = {
    db = { "connect", "query" },
    logger = { "health_check", "database", "router", "debug" },
    middleware = { "access", "balance", "preselect_node", "add_routing_headers" },
    monitor_router = {
        "preselect_node",
        "get_preselected_node",
        "pick_node_for_request",
        "resolve_host",
        "get_cluster_status",
        "get_node_capacity",
    },
    health_check = {
        "run_health_check",
        "health_check_worker",
        "redistribute_monitors_from_node",
        "revert_monitors_to_node",
        "get_all_nodes",
        "update_node_status",
    },
    dynamic_upstream = { "start", "discover", "get_nodes" },
}

describe("the modules after cp -r lua/. DIR/", function()
    local folder, path

    setup(function()
        folder = os.tmpname()
        os.remove(folder)
        path = package.path
        -- Lua 5.1 returns the exit code, 5.2 and OpenResty's LuaJIT whether it is 0.
        local copied = os.execute("mkdir " .. folder .. " && cp -r lua/. " .. folder .. "/")
        assert.is_true(copied == 0 or copied == true)
        -- Only the copy and the host's own modules: nothing of the repository may be needed.
        package.path = folder .. "/?.lua;/usr/share/lua/5.1/?.lua;" .. folder .. "/compat/?.lua"
    end)

    teardown(function()
        package.path = path
        os.execute("rm -r " .. folder)
    end)

    before_each(function()
        fresh.forget()
    end)

    for _, name in ipairs(MODULES) do
        it("requires " .. name .. " alone", function()
            assert.equal("table", type(require(name)))
        end)
    end

    for name, functions in pairs(FUNCTIONS) do
        for _, fn in ipairs(functions) do
            it(name .. "." .. fn .. " is a function", function()
                assert.equal("function", type(require(name)[fn]))
            end)
        end
    end

    it("config has the groups of the documentation", function()
        local config = require "config"
        assert.equal(os.getenv("DB_HOST"), config.database.host)
        assert.equal(tonumber(os.getenv("DB_PORT")), config.database.port)
        assert.equal(os.getenv("DB_USER"), config.database.user)
        assert.equal(os.getenv("DB_NAME"), config.database.database)
        assert.equal(3, config.cluster.node_count)
        assert.equal(1000, config.cluster.monitor_limit_per_node)
        assert.equal(30, config.health_check.interval)
        assert.equal(5000, config.health_check.timeout)
    end)

    it("db connects and queries with a dot", function()
        local db = require "db"
        local conn, err = db.connect()
        assert.is_nil(err)
        conn:release()
        database.clear()
        assert(require("store.schema").ensure())
        local res = assert(db.query("SELECT * FROM node"))
        assert.same({}, res)
    end)

    it("logger writes any argument without raising", function()
        local logger = require "logger"
        logger.health_check("Node 1 is online")
        logger.database("Query executed: %s", "SELECT 1")
        logger.router("Selected node: %s", nil)
        logger.debug("CATEGORY", "Debug info: %s", { 1 })
        logger.router("%d", "not a number")
    end)

    it("monitor_router and health_check answer about the cluster", function()
        database.root("INSERT INTO node (node_id, host, status) VALUES ('node1', '127.0.0.1:1', 'online')")
        local router = require "monitor_router"
        assert.equal("127.0.0.1", router.resolve_host("127.0.0.1"))
        local nodes = assert(require("health_check").get_all_nodes())
        assert.equal("node1", nodes[1].node_id)
        local status = assert(router.get_cluster_status())
        assert.is_false(status.setup_complete)
        assert.same({ { node_id = "node1", current_count = 0, limit_per_node = 1000, usage_percent = 0 } }, (router.get_node_capacity()))
    end)
end)
