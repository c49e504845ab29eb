-- Generated from src-ts/lib/db_connection.ts: edit that file, then run npm run build.
-- Connections to the database. The only user of resty.mysql. Several hosts are tried in the order of DB_HOST, the one
-- that answered last comes first.
local _M = {}
local mysql = require("resty.mysql")
local config = require("config")
local logger = require("logger")
local ____address = require("lib.address")
local parse_address = ____address.parse_address
local database_errors = require("lib.database_errors")
local dns = require("lib.dns")
local GOOD_BYES = {[1053] = true, [1927] = true, [4031] = true}
local MAX_IDLE_MS = 60000
local MAX_PACKET_BYTES = 64 * 1024 * 1024
local SESSION = {"SET NAMES utf8mb4, time_zone = '+00:00', sql_mode = REPLACE(@@sql_mode, 'NO_BACKSLASH_ESCAPES', '')", "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED"}
--- Index of the host that answered last.
local preferred = 0
--- Part of the pool's name.
local generation = 0

local function describe(cause, errcode)
    return ("cannot query database: " .. tostring(cause)) .. (errcode == nil and "" or (" (error " .. tostring(errcode)) .. ")")
end

local function close(self)
    if not self.is_open then
        return
    end
    self.is_open = false
    self.client:close()
end

local function release(self)
    if not self.is_open then
        return
    end
    self.is_open = false
    local ok = self.client:set_keepalive(MAX_IDLE_MS, config.database.pool_size)
    if ok == nil then
        self.client:close()
    end
end

--- Runs one statement; a failure is described and classified. A connection that breaks is closed.
function _M.execute(connection, sql)
    local bytes, send_err = connection.client:send_query(sql)
    if bytes == nil then
        connection:close()
        return nil, describe(send_err), "unsent"
    end
    local result, err, errcode = connection.client:read_result()
    if result ~= nil and err == nil then
        return result
    end
    if errcode ~= nil and GOOD_BYES[errcode] ~= true then
        return nil, describe(err, errcode), "refused"
    end
    connection:close()
    if err == "again" then
        return nil, describe("only one statement at a time"), "refused"
    end
    return nil, describe(err, errcode), "sent"
end

local function query_on(self, sql)
    if not self.is_open then
        return nil, describe("the connection is closed")
    end
    local result, err, failure = _M.execute(self, sql)
    if result == nil then
        database_errors.count_failure(failure, err)
        return nil, err or ""
    end
    return result
end
local metatable = {__index = {query = query_on, release = release, close = close}}

--- A connection as it comes out of resty.mysql; a new one gets its session settings.
local function prepare(client)
    local reused = client:get_reused_times()
    local fields = {client = client, reused = (reused or 0) > 0, is_open = true}
    local connection = setmetatable(fields, metatable)
    if connection.reused then
        return connection
    end
    for ____, statement in ipairs(SESSION) do
        local result, err = _M.execute(connection, statement)
        if result == nil then
            connection:close()
            return nil, err or ""
        end
    end
    return connection
end

local function connect_to(address)
    local ____config_database_0 = config.database
    local user = ____config_database_0.user
    local password = ____config_database_0.password
    local database = ____config_database_0.database
    local timeout = ____config_database_0.timeout
    local pool_size = ____config_database_0.pool_size
    local host, port = parse_address(address, config.database.port)
    if host == nil then
        return nil, port
    end
    local ip, resolve_err = dns.resolve_host(host)
    if ip == nil then
        return nil, resolve_err
    end
    local client, create_err = mysql.new()
    if client == nil then
        return nil, create_err or ""
    end
    client:set_timeout(timeout)
    local ok, err, errcode = client:connect({
        host = ip,
        port = port,
        user = user,
        password = password,
        database = database,
        max_packet_size = MAX_PACKET_BYTES,
        pool = (((((((user .. "@") .. ip) .. ":") .. tostring(port)) .. "/") .. database) .. "#") .. tostring(generation),
        pool_size = pool_size
    })
    if ok == nil then
        dns.doubt(host)
        return nil, errcode == nil and tostring(err) or ((tostring(err) .. " (error ") .. tostring(errcode)) .. ")"
    end
    return prepare(client)
end

--- A connection from the pool, or a new one; the hosts are tried in turn, beginning with the one that answered last.
function _M.open()
    local ____config_database_1 = config.database
    local hosts = ____config_database_1.hosts
    local causes = {}
    for step = 0, #hosts - 1 do
        local index = (preferred + step) % #hosts
        local address = hosts[index + 1] or ""
        local connection, err = connect_to(address)
        if connection ~= nil then
            if index ~= preferred then
                logger.database("using %s from now on", address)
            end
            preferred = index
            return connection
        end
        causes[#causes + 1] = (address .. ": ") .. err
    end
    database_errors.count("connect")
    return nil, "cannot connect to database: " .. table.concat(causes, "; ")
end

--- Leaves every pooled connection behind: they end by their idle time, and the next open() makes a new one.
function _M.forget_pool()
    generation = generation + 1
end
return _M
