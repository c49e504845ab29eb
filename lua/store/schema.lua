-- Generated from src-ts/store/schema.ts: edit that file, then run npm run build.
-- The cluster's own tables, and how the monitor table names the owner on this database.
local _M = {}
local db = require("db")
local ____ddl = require("store.ddl")
local CLUSTER_DDL = ____ddl.CLUSTER_DDL
local PROBE_DDL = ____ddl.PROBE_DDL
local schema_version = require("store.schema_version")
--- https://mariadb.com/kb/en/mariadb-error-code-reference/
local NO_SUCH_TABLE = 1146

--- True when the error says that a table is not there yet, as before the first start of a node.
function _M.is_missing_table(err)
    return db.error_code(err) == NO_SUCH_TABLE
end

--- Creates what is missing of the cluster's own tables; safe when several processes do it at once. Fails when this program
-- is too old for the tables.
function _M.ensure()
    local found, read_err = schema_version.newest()
    if read_err == nil then
        read_err = ""
    end
    if found == nil and not _M.is_missing_table(read_err) then
        return nil, read_err
    end
    local ____temp_0
    if found == nil then
        ____temp_0 = nil
    else
        ____temp_0 = schema_version.limitation(found)
    end
    local limitation = ____temp_0
    if limitation ~= nil then
        return nil, limitation
    end
    for ____, statements in ipairs({CLUSTER_DDL, PROBE_DDL}) do
        for ____, statement in ipairs(statements) do
            local done, err = db.query(statement)
            if done == nil then
                return nil, "cannot create the cluster's tables: " .. err
            end
        end
    end
    return schema_version.note()
end
local owner

local function read_columns()
    local rows, err = db.query("SELECT COLUMN_NAME AS name FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()" .. " AND TABLE_NAME = 'monitor' AND COLUMN_NAME IN ('node_id', 'assigned_node', 'owner_node')")
    if rows == nil then
        return nil, err
    end
    local found = {}
    for ____, row in ipairs(rows) do
        found[row.name] = true
    end
    return found
end

--- The SQL for the node that runs a monitor `m`: the indexed column of ours, or COALESCE on a database whose columns
-- somebody else made. Fails while no node has added the columns.
function _M.owner_expression()
    if owner ~= nil then
        return owner
    end
    local columns, err = read_columns()
    if columns == nil then
        return nil, err
    end
    if columns.node_id ~= true or columns.assigned_node ~= true then
        return nil, ("no node with the agent has prepared the table monitor yet (error " .. tostring(NO_SUCH_TABLE)) .. ")"
    end
    owner = columns.owner_node == true and "m.owner_node" or "COALESCE(m.assigned_node, m.node_id)"
    return owner
end

--- A node's id as one side of a comparison with another table's column: explicit, since tables that somebody else made
-- may have another collation.
function _M.comparable(column)
    return ("CONVERT(" .. column) .. " USING utf8mb4) COLLATE utf8mb4_bin"
end
--- The id of a node `n`, see comparable.
_M.COMPARABLE_NODE_ID = _M.comparable("n.node_id")
return _M
