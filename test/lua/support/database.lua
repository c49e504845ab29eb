--- The private MariaDB of the run. Its address and account are those of config.database.
local control = require("support.control")

local _M = {}

--- Runs statements as root in the test database: tables, accounts, settings. Raises when one fails.
function _M.root(sql)
    return assert(control.call("mariadb_sql", { sql = "USE `" .. os.getenv("DB_NAME") .. "`; " .. sql }))
end

--- Drops all tables of the test database.
function _M.clear()
    local tables = _M.root([[SELECT GROUP_CONCAT('`', table_name, '`') FROM information_schema.tables
        WHERE table_schema = DATABASE()]])
    tables = tables:gsub("%s+$", "")
    if tables ~= "NULL" then
        _M.root("SET FOREIGN_KEY_CHECKS = 0; DROP TABLE " .. tables)
    end
end

--- Restarts the server on the same port with the same data; returns when it answers.
function _M.restart()
    assert(control.call("mariadb_restart"))
end

--- Stops the server; restart() brings it back.
function _M.stop()
    assert(control.call("mariadb_stop"))
end

--- Path of the server's Unix socket.
function _M.socket()
    return assert(control.call("mariadb_socket"))
end

return _M
