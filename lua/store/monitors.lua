-- Generated from src-ts/store/monitors.ts: edit that file, then run npm run build.
-- Reads monitors: who runs which, who has no home, who serves a push token.
local _M = {}
local db = require("db")
local ____column = require("store.column")
local number = ____column.number
local text = ____column.text
local ____pins = require("store.pins")
local MOVABLE = ____pins.MOVABLE
local ____schema = require("store.schema")
local comparable = ____schema.comparable
local COMPARABLE_NODE_ID = ____schema.COMPARABLE_NODE_ID
local is_missing_table = ____schema.is_missing_table
local owner_expression = ____schema.owner_expression
--- The condition of a monitor whose home may change: it runs at home and is not pinned to it.
local SETTLED = ("((m.assigned_node IS NULL OR m.assigned_node = m.node_id) AND " .. MOVABLE) .. ")"

--- Before the first node has prepared its tables there is nothing: `empty` then, else the error.
local function unless_missing(empty, err)
    if is_missing_table(err) then
        return empty
    end
    return nil, "cannot read monitors: " .. err
end

local function read(columns, where)
    local owner, owner_err = owner_expression()
    if owner == nil then
        return unless_missing({}, owner_err)
    end
    local rows, err = db.query((((("SELECT m.id, m.active, " .. owner) .. " AS owner, ") .. columns) .. " FROM monitor m WHERE ") .. (string.gsub(where, "{owner}", owner)))
    if rows == nil then
        return unless_missing({}, err)
    end
    return rows
end

local function select(where)
    local rows, err = read("m.`interval` AS seconds", where)
    if rows == nil then
        return nil, err
    end
    local monitors = {}
    for ____, row in ipairs(rows) do
        local monitor = {
            id = number(row.id) or 0,
            active = number(row.active) == 1,
            interval = number(row.seconds) or 60
        }
        local name = text(row.owner)
        if name ~= nil then
            monitor.owner = name
        end
        table.insert(monitors, monitor)
    end
    return monitors
end

--- What the node runs now and may be moved elsewhere, paused monitors too, in the order of their ids.
function _M.movable_of(node_id)
    return select(db.format(("{owner} = ? AND " .. MOVABLE) .. " ORDER BY m.id", node_id))
end

--- All monitors that have an owner, in the order of their ids.
function _M.placed()
    local rows, err = read(("m.`interval` AS seconds, " .. SETTLED) .. " AS movable", "{owner} IS NOT NULL ORDER BY m.id")
    if rows == nil then
        return nil, err
    end
    local monitors = {}
    for ____, row in ipairs(rows) do
        table.insert(
            monitors,
            {
                id = number(row.id) or 0,
                active = number(row.active) == 1,
                interval = number(row.seconds) or 60,
                owner = text(row.owner) or "",
                movable = number(row.movable) == 1
            }
        )
    end
    return monitors
end

--- The whereabouts of one monitor; nil without an error when there is none of this id.
function _M.whereabouts(id)
    local columns = ("m.name, m.node_id, m.assigned_node, NOT " .. MOVABLE) .. " AS pinned"
    local rows, err = read(
        columns,
        db.format("m.id = ?", id)
    )
    local row = rows and rows[1]
    if row == nil then
        return nil, err
    end
    local found = {
        monitor_id = id,
        name = text(row.name) or "",
        active = number(row.active) == 1,
        pinned = number(row.pinned) == 1,
        node_id = text(row.node_id),
        assigned_node = text(row.assigned_node),
        owner_node = text(row.owner)
    }
    return found
end

--- Monitors without an owner, or with one that is not in the table node.
function _M.without_owner()
    return select(("({owner} IS NULL OR NOT EXISTS (SELECT 1 FROM node n WHERE {owner} = " .. COMPARABLE_NODE_ID) .. ")) ORDER BY m.id")
end

--- Monitors whose home is the node and that run elsewhere because the cluster moved them, `limit` at most, active ones
-- first. One that somebody moved by hand is where the log of moves has not put it; one that did not beat at home stays
-- away for an hour.
function _M.away_from(node_id, limit)
    return select(db.format(
        ((((("m.node_id = ? AND m.assigned_node IS NOT NULL AND m.assigned_node <> m.node_id AND EXISTS" .. " (SELECT 1 FROM cluster_move c JOIN cluster_operation o ON o.id = c.operation") .. " WHERE c.id = (SELECT MAX(l.id) FROM cluster_move l WHERE l.monitor_id = m.id)") .. (" AND " .. comparable("c.to_node")) .. " = m.assigned_node") .. (" AND (o.type <> 'correction' OR " .. comparable("c.from_node")) .. " <> m.node_id") .. " OR c.moved_at < NOW(6) - INTERVAL 1 HOUR))") .. " ORDER BY m.active DESC, m.id LIMIT ?",
        node_id,
        limit
    ))
end

--- Ids of the nodes that are home to a monitor which runs elsewhere, by whatever cause.
function _M.homes_left()
    local owner, owner_err = owner_expression()
    if owner == nil then
        return unless_missing({}, owner_err)
    end
    local rows, err = db.query(("SELECT DISTINCT n.node_id FROM monitor m JOIN node n ON m.node_id = " .. COMPARABLE_NODE_ID) .. " WHERE m.assigned_node IS NOT NULL AND m.assigned_node <> m.node_id")
    if rows == nil then
        return unless_missing({}, err)
    end
    local homes = {}
    for ____, row in ipairs(rows) do
        homes[text(row.node_id) or ""] = true
    end
    return homes
end

--- The node that runs the push monitor with this token; nil without an error when there is none.
function _M.owner_of_push_token(token)
    local rows, err = select(db.format("m.push_token = ? AND m.active = 1 LIMIT 1", token))
    local ____opt_2 = rows and rows[1]
    return ____opt_2 and ____opt_2.owner, err
end
return _M
