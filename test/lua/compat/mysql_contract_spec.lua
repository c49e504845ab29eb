--- What db.ts relies on, against whichever resty.mysql the host has: OpenResty's library or the stand-in.
local control = require("support.control")
local database = require("support.database")
local mysql = require("resty.mysql")

local MIB = 1024 * 1024
local is_stand_in = package.loaded["compat.mysql.packet"] ~= nil

local function options(changes)
    local merged = {
        host = os.getenv("DB_HOST"),
        port = tonumber(os.getenv("DB_PORT")),
        user = os.getenv("DB_USER"),
        password = os.getenv("DB_PASSWORD"),
        database = os.getenv("DB_NAME"),
        max_packet_size = 64 * MIB,
        pool = "contract",
        pool_size = 4,
    }
    for name, value in pairs(changes or {}) do
        merged[name] = value
    end
    return merged
end

local function connect(changes)
    local client = assert(mysql.new())
    client:set_timeout(20000)
    local ok, err, errcode, sqlstate = client:connect(options(changes))
    return ok and client, err, errcode, sqlstate
end

local function query(client, sql)
    local result, err, errcode = client:query(sql)
    assert(result, tostring(err) .. " " .. tostring(errcode))
    return result
end

describe("resty.mysql", function()
    local client

    before_each(function()
        database.clear()
        client = assert(connect())
    end)

    after_each(function()
        client:close()
    end)

    describe("logging in", function()
        it("reports a wrong password with the server's number and SQLSTATE", function()
            local ok, err, errcode, sqlstate = connect({ password = "wrong", pool = "wrong" })
            assert.is_falsy(ok)
            assert.matches("Access denied for user 'kuma'", err)
            assert.equal(1045, errcode)
            assert.equal("28000", sqlstate)
        end)

        it("reports a database that does not exist or is not ours", function()
            local ok, err, errcode = connect({ database = "nowhere", pool = "nowhere" })
            assert.is_falsy(ok)
            assert.matches("nowhere", err)
            assert.equal(1044, errcode)
        end)

        it("reports a port on which nothing listens", function()
            local ok, err, errcode = connect({ port = 1, pool = "nothing" })
            assert.is_falsy(ok)
            assert.equal("failed to connect: connection refused", err)
            assert.is_nil(errcode)
        end)

        it("takes an account without a password, and no database", function()
            database.root("CREATE OR REPLACE USER open_door@'%'")
            local guest = assert(connect({ user = "open_door", password = "", database = "", pool = "guest" }))
            assert.same({ { name = ngx.null } }, query(guest, "SELECT DATABASE() AS name"))
            guest:close()
        end)

        it("goes through a Unix socket", function()
            local neighbour = mysql.new()
            local login = { user = "kuma", password = os.getenv("DB_PASSWORD"), database = "kuma" }
            login.path = database.socket()
            assert(neighbour:connect(login))
            assert.same({ { one = 1 } }, query(neighbour, "SELECT 1 AS one"))
            neighbour:close()
        end)

        it("knows the server's version on a new connection", function()
            assert.matches("^%d+%.%d+", client:server_ver())
        end)

        it("refuses a character set that it does not know", function()
            local ok, err = connect({ charset = "klingon", pool = "klingon" })
            assert.is_falsy(ok)
            assert.equal("charset 'klingon' is not supported", err)
        end)
    end)

    -- MariaDB 10 has no caching_sha2_password: the server here speaks the log-in only, and checks the proof by itself.
    describe("caching_sha2_password", function()
        local function log_in(user, password)
            local port = tonumber(os.getenv("TEST_SHA2_PORT"))
            return connect({ port = port, user = user, password = password, pool = user .. password })
        end

        it("logs in when the server remembers the user", function()
            local fast = assert(log_in("fast", "correct horse"))
            assert.equal(0, query(fast, "DO 1").affected_rows)
            fast:close()
        end)

        it("logs in when the server asks by a switch of the plugin", function()
            if not is_stand_in then
                return pending("the real library takes the zero behind the nonce for a part of it")
            end
            assert(log_in("switched", "correct horse")):close()
        end)

        it("reports a wrong password", function()
            local ok, err, errcode = log_in("fast", "wrong horse")
            assert.is_falsy(ok)
            assert.matches("Access denied", err)
            assert.equal(1045, errcode)
        end)

        it("says what to do when the server wants the password itself", function()
            if not is_stand_in then
                return pending("the real library encrypts it by resty.rsa")
            end
            local ok, err = log_in("full", "correct horse")
            assert.is_falsy(ok)
            assert.matches("caching_sha2_password needs TLS for the first log%-in", err)
        end)
    end)

    describe("rows", function()
        it("make integers up to 32 bits, decimals and floats numbers, and leave the rest as text", function()
            database.root([[CREATE TABLE t (a TINYINT, b SMALLINT, c MEDIUMINT, d INT UNSIGNED, e BIGINT,
                f DECIMAL(9,2), g FLOAT, h DOUBLE, i YEAR, j VARCHAR(9), k DATETIME(3), l DATE, m TIME, n BLOB, o BIT(8), p JSON,
                q ENUM('x','y'), r BOOLEAN);
                INSERT INTO t VALUES (-1, -2, -3, 4294967295, 9007199254740993, 12.50, 1.5, 2.25, 2024, 'é',
                '2024-01-02 03:04:05.678', '2024-01-02', '-11:22:33', X'00FF', b'00000101', '{"a":1}', 'y', TRUE)]])
            local row = query(client, "SELECT * FROM t")[1]
            assert.same({
                a = -1, b = -2, c = -3, d = 4294967295, e = "9007199254740993", f = 12.5, g = 1.5, h = 2.25, i = 2024,
                j = "\195\169", k = "2024-01-02 03:04:05.678", l = "2024-01-02", m = "-11:22:33", n = "\0\255",
                o = "\5", p = '{"a":1}', q = "y", r = 1,
            }, row)
        end)

        it("have COUNT(*) as a string", function()
            assert.same({ { n = "0" } }, query(client, "SELECT COUNT(*) AS n FROM (SELECT 1) x WHERE FALSE"))
        end)

        it("have ngx.null for NULL, also in the first column, and empty text as it is", function()
            local rows = query(client, "SELECT NULL AS a, '' AS b UNION SELECT '', NULL")
            assert.same({ { a = ngx.null, b = "" }, { a = "", b = ngx.null } }, rows)
        end)

        it("are an empty table when nothing matches", function()
            assert.same({}, query(client, "SELECT 1 AS one FROM (SELECT 1) x WHERE FALSE"))
        end)

        it("hold texts at every boundary of the length encoding", function()
            for _, length in ipairs({ 0, 1, 250, 251, 252, 255, 256, 65535, 65536, 65537 }) do
                local rows = query(client, "SELECT REPEAT('x', " .. length .. ") AS text, " .. length .. " AS size")
                assert.equal(length, #rows[1].text)
                assert.equal(length, rows[1].size)
            end
        end)

        it("may be 40 MB in all", function()
            database.root("CREATE TABLE big (id INT PRIMARY KEY, text MEDIUMTEXT)")
            query(client, "INSERT INTO big SELECT seq, REPEAT(CHAR(64 + seq), 1048576) FROM seq_1_to_40")
            local rows = query(client, "SELECT id, text FROM big ORDER BY id")
            assert.equal(40, #rows)
            for id, row in ipairs(rows) do
                assert.equal(id, row.id)
                assert.equal(1048576, #row.text)
                assert.equal(64 + id, row.text:byte(1048576))
            end
        end)

        it("may be 50,000", function()
            local rows = query(client, "SELECT seq AS id, CONCAT('name ', seq) AS name FROM seq_1_to_50000")
            assert.equal(50000, #rows)
            assert.equal("name 50000", rows[50000].name)
        end)
    end)

    describe("packets of more than 16 MiB", function()
        local sizes = { 16777214, 16777215, 16777216, 17000000, 33554430, 33554431 }

        it("are read", function()
            if not is_stand_in then
                return pending("the real library reads no row of more than 16 MiB")
            end
            for _, size in ipairs(sizes) do
                local rows = query(client, "SELECT REPEAT('x', " .. size .. ") AS text, 7 AS seven")
                assert.equal(size, #rows[1].text)
                assert.equal(7, rows[1].seven)
            end
        end)

        it("are sent", function()
            if not is_stand_in then
                return pending("the real library sends no statement of more than 16 MiB")
            end
            for _, size in ipairs(sizes) do
                local head = "SELECT LENGTH('"
                local tail = "') AS size"
                -- One byte more for the command: the sizes are those of the payload.
                local length = size - #head - #tail - 1
                local rows = query(client, head .. ("y"):rep(length) .. tail)
                assert.equal(length, rows[1].size)
            end
        end)

        it("are refused beyond max_packet_size", function()
            local small = assert(connect({ max_packet_size = 1000, pool = "small" }))
            local result, err, errcode = small:query("SELECT REPEAT('x', 2000) AS text")
            assert.is_nil(result)
            assert.matches("packet size too big: %d+", err)
            assert.is_nil(errcode)
            small:close()
        end)
    end)

    describe("statements without rows", function()
        before_each(function()
            database.root("CREATE TABLE t (id BIGINT AUTO_INCREMENT PRIMARY KEY, v INT)")
        end)

        it("tell affected rows, the new id and warnings", function()
            local result = query(client, "INSERT INTO t (v) VALUES (1), (2), (3)")
            assert.equal(3, result.affected_rows)
            assert.equal(1, result.insert_id)
            assert.equal(0, result.warning_count)
            assert.is_number(result.server_status)
        end)

        it("count the rows that matched, not only those that changed", function()
            query(client, "INSERT INTO t (v) VALUES (1), (1)")
            local result = query(client, "UPDATE t SET v = 1")
            assert.equal(2, result.affected_rows)
            assert.matches("Rows matched: 2  Changed: 0", result.message)
        end)

        it("return ids beyond 32 bits", function()
            query(client, "INSERT INTO t (id, v) VALUES (5000000000, 1)")
            assert.equal(5000000001, query(client, "INSERT INTO t (v) VALUES (2)").insert_id)
        end)
    end)

    describe("errors", function()
        it("come with text, number and SQLSTATE, and leave the connection usable", function()
            local result, err, errcode, sqlstate = client:query("SELECT * FROM nowhere")
            assert.is_nil(result)
            assert.equal("Table 'kuma.nowhere' doesn't exist", err)
            assert.equal(1146, errcode)
            assert.equal("42S02", sqlstate)
            assert.same({ { one = 1 } }, query(client, "SELECT 1 AS one"))
        end)

        it("may come after the first rows", function()
            database.root("CREATE TABLE t (v INT); INSERT INTO t VALUES (1), (2)")
            local result, err, errcode = client:query([[
                SELECT v, (SELECT v FROM t AS o WHERE o.v >= t.v) AS s FROM t ORDER BY v DESC]])
            assert.is_nil(result)
            assert.equal(1242, errcode)
            assert.matches("Subquery returns more than 1 row", err)
            assert.same({ { one = 1 } }, query(client, "SELECT 1 AS one"))
        end)

        it("tell a timeout, after which the connection is of no use", function()
            client:set_timeout(100)
            local result, err, errcode = client:query("SELECT SLEEP(3)")
            assert.is_nil(result)
            assert.equal("failed to receive packet header: timeout", err)
            assert.is_nil(errcode)
            assert.is_nil((client:query("SELECT 1")))
        end)

        it("tell a connection that the server has ended", function()
            local id = query(client, "SELECT CONNECTION_ID() AS id")[1].id
            database.root("KILL " .. id)
            local result, err, errcode = client:query("SELECT 1")
            assert.is_nil(result)
            assert.is_string(err)
            assert.is_nil(errcode)
        end)

        it("forbid a second statement before the first one is answered", function()
            assert(client:send_query("SELECT 1 AS one"))
            local ok, err = client:send_query("SELECT 2")
            assert.is_nil(ok)
            assert.matches("cannot send query in the current context", err)
            assert.is_nil((client:set_keepalive(1000, 1)))
            assert.same({ { one = 1 } }, (client:read_result()))
            local result, read_err = client:read_result()
            assert.is_nil(result)
            assert.matches("cannot read result in the current context", read_err)
        end)
    end)

    it("gives the results of several statements one after the other", function()
        local first, more = client:query("SELECT 1 AS n; DO 0; SELECT 3 AS n")
        assert.same({ { n = 1 } }, first)
        assert.equal("again", more)
        local second, still_more = client:read_result()
        assert.equal(0, second.affected_rows)
        assert.equal("again", still_more)
        local third, no_more = client:read_result()
        assert.same({ { n = 3 } }, third)
        assert.is_nil(no_more)
    end)

    describe("the pool", function()
        it("gives a connection back with its session, and counts", function()
            assert.equal(0, client:get_reused_times())
            query(client, "SET @mark = 42")
            assert(client:set_keepalive(10000, 4))
            client = assert(connect())
            assert.equal(1, client:get_reused_times())
            assert.same({ { mark = "42" } }, query(client, "SELECT @mark AS mark"))
        end)

        it("forgets connections whose server has restarted", function()
            assert(client:set_keepalive(60000, 4))
            database.restart()
            client = assert(connect())
            assert.equal(0, client:get_reused_times())
            assert.same({ { one = 1 } }, query(client, "SELECT 1 AS one"))
        end)
    end)

    it("survives what the control server says about itself", function()
        local value, err = control.call("no_such_command")
        assert.is_nil(value)
        assert.equal("no such command: no_such_command", err)
    end)
end)
