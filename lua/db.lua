-- Generated from src-ts/db.ts: edit that file, then run npm run build.
-- The database: statements, transactions, quoting, on pooled connections.
local _M = {}
local database_errors = require("lib.database_errors")
local connections = require("lib.db_connection")
local ____text = require("lib.text")
local contains = ____text.contains
do
    local ____sql = require("lib.sql")
    _M.format = ____sql.format
    _M.quote = ____sql.quote
    _M.quote_list = ____sql.quote_list
end
local protected_call = pcall
local REPEATABLE = "^[\\s(]*(?:select|show|start\\s+transaction)\\b"

--- A connection from the pool, or a new one with the session set up: utf8mb4, UTC. The caller gives it back by release().
-- Each network operation takes `config.database.timeout` ms at most.
function _M.connect()
    return connections.open()
end

local function may_repeat(sql, err, failure)
    if failure == nil or failure == "refused" then
        return false
    end
    if contains(err or "", "timeout") then
        return false
    end
    if failure == "unsent" then
        return true
    end
    local repeatable = ngx.re.match(sql, REPEATABLE, "ijo")
    return repeatable ~= nil
end

--- Runs the first statement of a connection. When a pooled connection turns out to be dead, and the server cannot have
-- run the statement or it only reads, it runs once more on a new connection.
local function begin(sql)
    local connection, connect_err = connections.open()
    if connection == nil then
        return nil, connect_err
    end
    local result, err, failure = connections.execute(connection, sql)
    if result ~= nil then
        return connection, nil, result
    end
    connection:release()
    if not connection.reused or not may_repeat(sql, err, failure) then
        database_errors.count_failure(failure, err)
        return nil, err
    end
    connections.forget_pool()
    local fresh, fresh_err = connections.open()
    if fresh == nil then
        return nil, fresh_err
    end
    local second_result, second_err, second_failure = connections.execute(fresh, sql)
    if second_result ~= nil then
        return fresh, nil, second_result
    end
    fresh:release()
    database_errors.count_failure(second_failure, second_err)
    return nil, second_err
end

--- Runs one statement on a pooled connection. Returns the rows (NULL is ngx.null, BIGINT a string), or the counters of a
-- statement without rows; nil and "cannot query database: <cause> (error <number of the server>)".
function _M.query(sql)
    local connection, err, result = begin(sql)
    if connection == nil then
        return nil, err or ""
    end
    connection:release()
    return result
end

--- Runs `run` within a transaction, on the connection it is given. Commits when it returns without an error, rolls back
-- when it returns nil and an error, or raises. Returns what `run` returned, or nil and the error.
function _M.transaction(run)
    local connection, begin_err = begin("START TRANSACTION")
    if connection == nil then
        return nil, begin_err or ""
    end
    local ok, value, err = protected_call(run, connection)
    local failed = not ok or err ~= nil
    local ____, end_err = connection:query(failed and "ROLLBACK" or "COMMIT")
    if end_err == nil then
        connection:release()
    else
        connection:close()
    end
    if not ok then
        return nil, "cannot complete transaction: " .. tostring(value)
    end
    if err ~= nil then
        return nil, err
    end
    if end_err ~= nil then
        return nil, end_err
    end
    return value
end

--- The server's error number in an error of this module; nil when the server did not answer.
function _M.error_code(err)
    local code = string.match(err, "%(error (%d+)%)")
    local ____temp_0
    if code == nil then
        ____temp_0 = nil
    else
        ____temp_0 = tonumber(code)
    end
    return ____temp_0
end
return _M
