-- Generated from src-ts/store/assignments.ts: edit that file, then run npm run build.
-- Who runs what: the load balancer's only writes of monitor.node_id and monitor.assigned_node. All are fenced by the lease,
-- and each is noted in cluster_move in the same transaction, so that the log of moves is the history of what the cluster
-- did. What a user assigns or pins at a node is in nobody's log, and stays.
local _M = {}
local db = require("db")
local beats = require("store.beats")
local ____column = require("store.column")
local number = ____column.number
local ____lease = require("store.lease")
local fence = ____lease.fence
local ____pins = require("store.pins")
local MOVABLE = ____pins.MOVABLE
local ____schema = require("store.schema")
local comparable = ____schema.comparable
local owner_expression = ____schema.owner_expression
local version = require("store.version")
--- Monitors in one transaction: small enough for max_allowed_packet, large enough that 100,000 are 25 of them.
local CHUNK = 4000
--- The node that a monitor goes to, and the one that it comes from, in whatever collation the database speaks.
local TARGET = comparable("p.target")
local SOURCE = comparable("p.source")

--- Runs both statements in one transaction and returns how many rows the second one matched. The server gets them as one:
-- a load balancer that stands still between two statements would hold the lease's row, and nobody could take it over.
local function run_together(first, second)
    local connection, connect_err = db.connect()
    if connection == nil then
        return nil, connect_err
    end
    local done, err = connection:query("BEGIN NOT ATOMIC DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;" .. (((" START TRANSACTION; " .. first) .. "; ") .. second) .. "; SET @cluster_moved = ROW_COUNT(); COMMIT; END")
    if done == nil then
        connection:release()
        return nil, err
    end
    local rows, count_err = connection:query("SELECT @cluster_moved AS moved")
    connection:release()
    if rows == nil then
        return nil, count_err
    end
    local ____number_2 = number
    local ____opt_0 = rows[1]
    return ____number_2(____opt_0 and ____opt_0.moved) or 0
end

local function write_chunk(plan, change, operation, lease)
    local owner, owner_err = owner_expression()
    if owner == nil then
        return nil, owner_err
    end
    local beat_id, beat_err = beats.last_id()
    if beat_id == nil then
        return nil, beat_err
    end
    local where = (string.gsub(change.where, "{owner}", owner))
    local rows = ("(" .. plan) .. ") p JOIN monitor m ON m.id = p.id"
    local note = db.format(("INSERT INTO cluster_move (operation, monitor_id, from_node, to_node, epoch, beat_id, seconds, state)" .. (((" SELECT ?, m.id, " .. owner) .. ", ") .. TARGET) .. ", l.epoch, ?, GREATEST(m.`interval`, 1),") .. " IF(m.active = 1, 'waiting', 'idle')", operation, beat_id)
    return run_together(
        ((((((note .. " FROM ") .. rows) .. " ") .. fence(lease)) .. " WHERE ") .. where) .. " FOR UPDATE",
        (((((("UPDATE " .. rows) .. " ") .. fence(lease)) .. " SET ") .. change.set) .. " WHERE ") .. where
    )
end

--- The rows (id, source, target) of a plan as subqueries of CHUNK rows. In the order of the ids, which is how the table
-- lies on disk: that spares the database a third of the time.
local function chunks_of(ways)
    local all = {}
    local ends = {}
    for ____, ____value in ipairs(ways) do
        local from = ____value.from
        local node_id = ____value.node_id
        local ids = ____value.ids
        local ____end = ((db.quote(from) .. ",") .. db.quote(node_id)) .. ")"
        for ____, id in ipairs(ids) do
            table.insert(all, id)
            ends[id] = ____end
        end
    end
    table.sort(all)
    local chunks = {}
    for first = 0, #all - 1, CHUNK do
        local rows = {}
        for index = first, math.min(first + CHUNK, #all) - 1 do
            local id = all[index + 1]
            table.insert(
                rows,
                (("(" .. string.format("%d", id)) .. ",") .. tostring(ends[id])
            )
        end
        table.insert(
            chunks,
            "SELECT 0 AS id, '' AS source, '' AS target UNION ALL VALUES " .. table.concat(rows, ",")
        )
    end
    return chunks
end

local function write(ways, change, operation, lease)
    local changed = 0
    for ____, chunk in ipairs(chunks_of(ways)) do
        local count, err = write_chunk(chunk, change, operation, lease)
        if count == nil then
            version.bump()
            return nil, "cannot move monitors: " .. err
        end
        changed = changed + count
    end
    version.bump()
    return changed
end

local function ways_from(from, destinations)
    local ways = {}
    for ____, ____value in ipairs(destinations) do
        local node_id = ____value.node_id
        local ids = ____value.ids
        table.insert(ways, {from = from, node_id = node_id, ids = ids})
    end
    return ways
end

--- Lets other nodes run the monitors for as long as their home cannot. A monitor that somebody has moved away from `from`
-- meanwhile stays where it is. All these functions return how many have moved, as part of the operation of that id.
function _M.move(destinations, from, operation, lease)
    local set = ((("m.assigned_node = IF(m.node_id = " .. TARGET) .. ", NULL, ") .. TARGET) .. ")"
    return write(
        ways_from(from, destinations),
        {set = set, where = (("{owner} = " .. SOURCE) .. " AND ") .. MOVABLE},
        operation,
        lease
    )
end

--- Gives new homes to monitors that are at home on `from`. One that was pinned there meanwhile stays.
function _M.rehome(ways, operation, lease)
    local set = ("m.node_id = " .. TARGET) .. ", m.assigned_node = NULL"
    local where = (((("{owner} = " .. SOURCE) .. " AND m.node_id = ") .. SOURCE) .. " AND ") .. MOVABLE
    return write(ways, {set = set, where = where}, operation, lease)
end

--- Gives homes to monitors that have none.
function _M.adopt(destinations, operation, lease)
    local set = ("m.node_id = " .. TARGET) .. ", m.assigned_node = NULL"
    return write(
        ways_from("", destinations),
        {set = set, where = "m.node_id IS NULL"},
        operation,
        lease
    )
end

--- Makes the nodes that run the monitors of an offline node their homes: it is not to come back. No monitor moves, so it
-- takes no lease.
function _M.settle(home)
    local result, err = db.query(db.format(("UPDATE monitor m SET m.node_id = m.assigned_node, m.assigned_node = NULL WHERE m.node_id = ?" .. " AND m.assigned_node IS NOT NULL") .. " AND EXISTS (SELECT 1 FROM node n WHERE n.node_id = ? AND n.status = 'offline')", home, home))
    if result == nil then
        return nil, (("cannot settle the monitors of " .. home) .. ": ") .. err
    end
    return result.affected_rows
end

--- Lets the home node run its monitors again.
function _M.send_home(ids, home, operation, lease)
    local where = db.format("m.node_id = ? AND m.assigned_node IS NOT NULL", home)
    return write({{from = "", node_id = home, ids = ids}}, {set = "m.assigned_node = NULL", where = where}, operation, lease)
end
return _M
