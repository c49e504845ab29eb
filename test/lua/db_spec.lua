local database = require("support.database")
local fake_dns = require("support.fake_dns")
local fresh = require("support.fresh")

describe("db", function()
    local db, config

    before_each(function()
        database.clear()
        db = fresh.require("db")
        config = require("config")
    end)

    local function value(sql)
        local rows = assert(db.query(sql))
        return select(2, next(rows[1]))
    end

    describe("query", function()
        it("returns rows by column name, with ngx.null for NULL and text for BIGINT", function()
            local rows, err = db.query("SELECT 1 AS one, NULL AS nothing, COUNT(*) AS many FROM (SELECT 1) x")
            assert.is_nil(err)
            assert.same({ { one = 1, nothing = ngx.null, many = "1" } }, rows)
        end)

        it("returns counters for a statement without rows", function()
            database.root("CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v INT)")
            local result = assert(db.query("INSERT INTO t (v) VALUES (1), (2)"))
            assert.equal(2, result.affected_rows)
            assert.equal(1, result.insert_id)
        end)

        it("says what the server said, with its number", function()
            local rows, err = db.query("SELECT nothing FROM nowhere")
            assert.is_nil(rows)
            assert.equal("cannot query database: Table 'kuma.nowhere' doesn't exist (error 1146)", err)
            assert.equal(1146, db.error_code(err))
            assert.is_nil(db.error_code("cannot query database: timeout"))
        end)

        it("counts what fails, by kind, but nothing that succeeds when it is repeated", function()
            local errors = require("lib.database_errors")
            local function totals()
                local found = {}
                for _, kind in ipairs(errors.KINDS) do
                    found[kind] = errors.total(kind)
                end
                return found
            end
            ngx.shared.cluster_metrics:flush_all()
            db.query("SELECT nothing FROM nowhere")
            assert.same({ connect = 0, timeout = 0, lost = 0, refused = 1 }, totals())
            assert(db.query("SELECT 1"))
            database.restart()
            assert(db.query("SELECT 1"))
            assert.same({ connect = 0, timeout = 0, lost = 0, refused = 1 }, totals())
            config.database.timeout = 200
            assert.is_nil((db.query("SELECT SLEEP(1)")))
            assert.same({ connect = 0, timeout = 1, lost = 0, refused = 1 }, totals())
            config.database.hosts = { "127.0.0.1:1" }
            assert.is_nil((db.query("SELECT 1")))
            assert.same({ connect = 1, timeout = 1, lost = 0, refused = 1 }, totals())
        end)

        it("refuses several statements at once", function()
            local rows, err = db.query("SELECT 1; SELECT 2")
            assert.is_nil(rows)
            assert.equal("cannot query database: only one statement at a time", err)
            assert.same({ { one = 1 } }, (db.query("SELECT 1 AS one")))
        end)

        it("speaks utf8mb4 and UTC, and quotes by backslash whatever the server prefers", function()
            database.root("SET GLOBAL sql_mode = 'NO_BACKSLASH_ESCAPES,ANSI_QUOTES', GLOBAL time_zone = '+09:00'")
            config.database.pool_size = 1
            local rows, err = db.query([[SELECT @@character_set_client AS c, @@character_set_results AS r,
                @@time_zone AS z, @@sql_mode AS m]])
            database.root("SET GLOBAL sql_mode = DEFAULT, GLOBAL time_zone = DEFAULT")
            assert(rows, err)
            assert.same({ "utf8mb4", "utf8mb4", "+00:00" }, { rows[1].c, rows[1].r, rows[1].z })
            assert.is_nil(rows[1].m:find("BACKSLASH"))
            local smile = "\240\159\153\130 \\' \n"
            assert.equal(smile, value("SELECT " .. db.quote(smile) .. " AS smile"))
        end)

        it("reuses one connection for statements that follow one another", function()
            local first = value("SELECT CONNECTION_ID() AS id")
            for _ = 1, 5 do
                assert.equal(first, value("SELECT CONNECTION_ID() AS id"))
            end
        end)

        it("runs statements of several light threads side by side", function()
            local started = ngx.now()
            local threads = {}
            for i = 1, 20 do
                threads[i] = ngx.thread.spawn(db.query, "SELECT SLEEP(0.3) AS s, " .. i .. " AS i")
            end
            for i = 1, 20 do
                local ok, rows = ngx.thread.wait(threads[i])
                assert.is_true(ok)
                assert.equal(i, rows[1].i)
            end
            ngx.update_time()
            assert.is_true(ngx.now() - started < 3)
        end)

        it("keeps to the timeout of an operation", function()
            config.database.timeout = 200
            local started = ngx.now()
            local rows, err = db.query("SELECT SLEEP(5)")
            ngx.update_time()
            assert.is_nil(rows)
            assert.matches("cannot query database: .*timeout", err)
            assert.is_true(ngx.now() - started < 3)
            assert.same({ { one = 1 } }, (db.query("SELECT 1 AS one")))
        end)
    end)

    describe("a pooled connection that the server has ended", function()
        --- Ends the pooled connection behind the back of nginx, whose event loop gets no turn to notice.
        local function kill_pooled()
            local killer = assert(require("resty.mysql").new())
            local login = { host = "127.0.0.1", port = config.database.port, user = "kuma", pool = "killer" }
            login.password, login.database = config.database.password, "kuma"
            assert(killer:connect(login))
            local id = value("SELECT CONNECTION_ID() AS id")
            assert(killer:send_query("KILL " .. id))
            local deadline = os.clock() + 0.2
            while os.clock() < deadline do
            end
            return id
        end

        it("is replaced for a read", function()
            local killed = kill_pooled()
            local id = value("SELECT CONNECTION_ID() AS id")
            assert.not_equal(killed, id)
        end)

        it("is an error for a write that the server may have seen, and not used again", function()
            database.root("CREATE TABLE t (v INT)")
            kill_pooled()
            local result, err = db.query("INSERT INTO t VALUES (1)")
            assert.is_nil(result)
            assert.matches("^cannot query database: ", err)
            assert.equal("0", value("SELECT COUNT(*) AS n FROM t"))
            assert(db.query("INSERT INTO t VALUES (1)"))
        end)

        it("is replaced for a transaction", function()
            kill_pooled()
            assert.equal("done", (db.transaction(function(connection)
                assert(connection:query("SELECT 1"))
                return "done"
            end)))
        end)

        it("is noticed after a restart of the server, for a write too", function()
            database.root("CREATE TABLE t (v INT)")
            assert(db.query("SELECT 1"))
            database.restart()
            assert.equal(1, assert(db.query("INSERT INTO t VALUES (1)")).affected_rows)
            assert.equal("1", value("SELECT COUNT(*) AS n FROM t"))
        end)
    end)

    it("answers with an error while the server is down, and well again afterwards", function()
        assert(db.query("SELECT 1"))
        database.stop()
        local rows, err = db.query("SELECT 1")
        database.restart()
        assert.is_nil(rows)
        assert.matches("^cannot connect to database: 127.0.0.1: failed to connect: connection refused$", err)
        assert.same({ { one = 1 } }, (db.query("SELECT 1 AS one")))
    end)

    it("never shows the password", function()
        config.database.user = "stranger"
        config.database.password = "s3cr3t-pass"
        local rows, err = db.query("SELECT 1")
        assert.is_nil(rows)
        assert.matches("Access denied .*%(error 1%d+%)$", err)
        assert.is_nil(err:find("s3cr3t-pass", 1, true))
    end)

    describe("transaction", function()
        before_each(function()
            database.root("CREATE TABLE t (v INT PRIMARY KEY) ENGINE=InnoDB")
        end)

        local function insert(connection, v)
            return connection:query("INSERT INTO t VALUES (" .. v .. ")")
        end

        it("commits and returns what the function returned", function()
            local result, err = db.transaction(function(connection)
                assert(insert(connection, 1))
                assert(insert(connection, 2))
                return "two rows"
            end)
            assert.is_nil(err)
            assert.equal("two rows", result)
            assert.equal("2", value("SELECT COUNT(*) AS n FROM t"))
        end)

        it("rolls back when the function returns an error, and passes it on", function()
            local result, err = db.transaction(function(connection)
                assert(insert(connection, 1))
                return nil, "cannot go on"
            end)
            assert.is_nil(result)
            assert.equal("cannot go on", err)
            assert.equal("0", value("SELECT COUNT(*) AS n FROM t"))
        end)

        it("rolls back when the function raises, and says why", function()
            local result, err = db.transaction(function(connection)
                assert(insert(connection, 1))
                error("a bug", 0)
            end)
            assert.is_nil(result)
            assert.equal("cannot complete transaction: a bug", err)
            assert.equal("0", value("SELECT COUNT(*) AS n FROM t"))
        end)

        it("rolls back when a statement fails", function()
            local result, err = db.transaction(function(connection)
                assert(insert(connection, 1))
                return insert(connection, 1)
            end)
            assert.is_nil(result)
            assert.equal(1062, db.error_code(err))
            assert.equal("0", value("SELECT COUNT(*) AS n FROM t"))
        end)

        it("leaves nothing open on the connection that goes back to the pool", function()
            db.transaction(function(connection)
                insert(connection, 1)
                return nil, "no"
            end)
            assert.equal("0", value("SELECT @@in_transaction AS open"))
            assert(db.query("INSERT INTO t VALUES (5)"))
            assert.equal("1\n", database.root("SELECT COUNT(*) FROM t"))
        end)

        it("loses nothing half-way when its connection is ended", function()
            local result, err = db.transaction(function(connection)
                assert(insert(connection, 1))
                local id = assert(connection:query("SELECT CONNECTION_ID() AS id"))[1].id
                database.root("KILL " .. id)
                return insert(connection, 2)
            end)
            assert.is_nil(result)
            assert.matches("^cannot query database: ", err)
            assert.equal("0", value("SELECT COUNT(*) AS n FROM t"))
        end)
    end)

    describe("connect", function()
        it("gives a connection for several statements", function()
            local connection = assert(db.connect())
            assert(connection:query("SET @mark = 7"))
            assert.same({ { mark = "7" } }, (connection:query("SELECT @mark AS mark")))
            connection:release()
            local rows, err = connection:query("SELECT 1")
            assert.is_nil(rows)
            assert.equal("cannot query database: the connection is closed", err)
        end)
    end)

    describe("several hosts", function()
        local port

        before_each(function()
            port = config.database.port
        end)

        it("are tried in order, and the one that answered comes first from then on", function()
            config.database.hosts = { "127.0.0.1:1", "127.0.0.1:" .. port }
            assert.same({ { one = 1 } }, (db.query("SELECT 1 AS one")))
            config.database.hosts[1] = "127.0.0.1:notaport"
            assert.same({ { one = 1 } }, (db.query("SELECT 1 AS one")))
        end)

        it("are all named when none answers", function()
            config.database.hosts = { "127.0.0.1:1", "[::1]:1", "127.0.0.1:99999" }
            local rows, err = db.query("SELECT 1")
            assert.is_nil(rows)
            assert.matches("^cannot connect to database: 127.0.0.1:1: failed to connect: connection refused; ", err)
            assert.matches("%[::1%]:1: failed to connect: ", err)
            assert.matches('"127.0.0.1:99999" is not host:port$', err)
        end)

        it("may be names, which our own resolver looks up", function()
            fake_dns.clear()
            fake_dns.set("db.test", "A", { "127.0.0.1" })
            config.database.hosts = { "db.test", "127.0.0.1" }
            assert.same({ { one = 1 } }, (db.query("SELECT 1 AS one")))
            assert.equal(1, fake_dns.count("db.test", "A"))
        end)
    end)
end)
