-- Generated from src-ts/store/nodes.ts: edit that file, then run npm run build.
-- The rows of the table node, with the load of each node.
local _M = {}
local db = require("db")
local ____states = require("lib.states")
local parse_status = ____states.parse_status
local ____column = require("store.column")
local number = ____column.number
local read_fields = ____column.read_fields
local text = ____column.text
local ____lease = require("store.lease")
local fence = ____lease.fence
local ____schema = require("store.schema")
local COMPARABLE_NODE_ID = ____schema.COMPARABLE_NODE_ID
local is_missing_table = ____schema.is_missing_table
local owner_expression = ____schema.owner_expression
local version = require("store.version")
--- The columns of a NodeState, loads and ages aside: with many nodes reading them twice a second is most of a quiet round's work.
local STATE_COLUMNS = "n.node_id, n.host, n.status, n.status_since, n.last_error, n.drained_at"
local STATE_TEXTS = {"status_since", "drained_at"}
local AGES = {"seen_age", "status_age"}
local OTHER_TEXTS = {"last_seen", "version", "region"}

local function to_state(row)
    local state = {
        node_id = text(row.node_id) or "",
        host = text(row.host) or "",
        status = parse_status(text(row.status)),
        monitor_count = number(row.monitor_count) or 0,
        monitor_total = number(row.monitor_total) or 0,
        load = number(row.checks_per_second) or 0
    }
    read_fields(state, row, AGES, STATE_TEXTS)
    local reason = text(row.last_error)
    if reason ~= nil then
        state.status_reason = reason
    end
    return state
end

local function to_row(row)
    local node = to_state(row)
    node.node_name = text(row.node_name) or node.node_id
    node.is_primary = number(row.is_primary) == 1
    read_fields(node, row, {}, OTHER_TEXTS)
    return node
end

local function load_subquery()
    local owner, err = owner_expression()
    if owner == nil then
        if is_missing_table(err) then
            return "(SELECT NULL AS owner, 0 AS active, 0 AS total, 0 AS checks_per_second)"
        end
        return nil, err
    end
    return (("(SELECT " .. owner) .. " AS owner, SUM(m.active = 1) AS active, COUNT(*) AS total,") .. " SUM(IF(m.active = 1, 1e0 / GREATEST(m.`interval`, 1), 0)) AS checks_per_second FROM monitor m GROUP BY owner)"
end

--- Nodes with loads and ages in the order of their ids; no node table yet means no nodes.
local function read(columns, convert)
    local loads, load_err = load_subquery()
    if loads == nil then
        return nil, "cannot read nodes: " .. load_err
    end
    local rows, err = db.query((((("SELECT " .. columns) .. ", c.active AS monitor_count, c.total AS monitor_total, c.checks_per_second,") .. " TIMESTAMPDIFF(MICROSECOND, n.last_seen, NOW(6)) / 1000000 AS seen_age,") .. " TIMESTAMPDIFF(MICROSECOND, n.status_since, NOW(6)) / 1000000 AS status_age") .. (((" FROM node n LEFT JOIN " .. loads) .. " c ON c.owner = ") .. COMPARABLE_NODE_ID) .. " ORDER BY n.node_id")
    if rows == nil then
        if is_missing_table(err) then
            return {}
        end
        return nil, "cannot read nodes: " .. err
    end
    local nodes = {}
    for ____, row in ipairs(rows) do
        table.insert(
            nodes,
            convert(row)
        )
    end
    return nodes
end

--- All nodes in the order of their ids, with their loads. No node table yet means no nodes.
function _M.list()
    return read("n.*", to_row)
end

--- What a round goes by of each node, in the order of their ids; cheaper than list, and only once the schema is there.
function _M.states()
    return read(STATE_COLUMNS, to_state)
end

--- Where each node is, in the order of their ids; cheaper than list.
function _M.places()
    local rows, err = db.query("SELECT node_id, host FROM node ORDER BY node_id")
    if rows == nil then
        return nil, "cannot read nodes: " .. err
    end
    local found = {}
    for ____, row in ipairs(rows) do
        table.insert(
            found,
            {
                node_id = text(row.node_id) or "",
                host = text(row.host) or ""
            }
        )
    end
    return found
end

--- Changes a status from `from` to `to` with the reason as a sentence; only the holder of the lease can.
--
-- @returns false when the row or the lease has changed meanwhile
function _M.set_status(node_id, from, to, reason, lease)
    local result, err = db.query(("UPDATE node n " .. fence(lease)) .. db.format(
        " SET n.status = ?, n.status_since = NOW(6), n.last_error = ? WHERE n.node_id = ? AND n.status = ?",
        to,
        reason,
        node_id,
        from
    ))
    if result == nil then
        return nil, (("cannot set the status of " .. node_id) .. ": ") .. err
    end
    version.bump()
    return result.affected_rows > 0
end
return _M
