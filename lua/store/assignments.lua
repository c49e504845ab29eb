-- Generated from src-ts/store/assignments.ts: edit that file, then run npm run build.
-- Who runs what: the only writes of monitor.node_id and monitor.assigned_node. All are fenced by the lease, and each is
-- noted in cluster_move in the same transaction, so that the log of moves is the history of the assignments.
local _M = {}
local db = require("db")
local ____column = require("store.column")
local number = ____column.number
local ____lease = require("store.lease")
local fence = ____lease.fence
local ____pins = require("store.pins")
local MOVABLE = ____pins.MOVABLE
local ____schema = require("store.schema")
local is_missing_table = ____schema.is_missing_table
local owner_expression = ____schema.owner_expression
local version = require("store.version")
--- Ids in one transaction: small enough for max_allowed_packet, large enough that 100,000 monitors are 50 of them.
local CHUNK = 2000

--- The last row of heartbeat so far: those after it are of the new owners. Ids, since the nodes' clocks differ.
local function last_beat_id()
    local rows, err = db.query("SELECT MAX(id) AS id FROM heartbeat")
    if rows == nil then
        if is_missing_table(err) then
            return 0
        end
        return nil, err
    end
    local ____number_2 = number
    local ____opt_0 = rows[1]
    return ____number_2(____opt_0 and ____opt_0.id) or 0
end

local function write_chunk(chunk, change, operation, lease)
    local owner, owner_err = owner_expression()
    if owner == nil then
        return nil, owner_err
    end
    local beat_id, beat_err = last_beat_id()
    if beat_id == nil then
        return nil, beat_err
    end
    local where = (string.gsub(change.where, "{owner}", owner)) .. (" AND m.id IN (" .. chunk) .. ")"
    return db.transaction(function(connection)
        local noted, note_err = connection:query(db.format("INSERT INTO cluster_move (operation, monitor_id, from_node, to_node, epoch, beat_id, seconds, state)" .. (" SELECT ?, m.id, " .. owner) .. ", ?, l.epoch, ?, GREATEST(m.`interval`, 1), IF(m.active = 1, 'waiting', 'idle')", operation, change.target, beat_id) .. (((" FROM monitor m " .. fence(lease)) .. " WHERE ") .. where) .. " ORDER BY m.id FOR UPDATE")
        if noted == nil then
            return nil, note_err
        end
        local result, err = connection:query((((("UPDATE monitor m " .. fence(lease)) .. " SET ") .. change.set) .. " WHERE ") .. where)
        if result == nil then
            return nil, err
        end
        return result.affected_rows
    end)
end

local function write(ids, change, operation, lease)
    local changed = 0
    for first = 1, #ids, CHUNK do
        local chunk = table.concat(
            ids,
            ",",
            first,
            math.min(first + CHUNK - 1, #ids)
        )
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

--- Lets `target` run the monitors for as long as their home cannot. A monitor that somebody has moved away from `from`
-- meanwhile stays where it is. All these functions return how many have moved, as part of the operation of that id.
function _M.move(ids, from, target, operation, lease)
    local set = db.format("m.assigned_node = IF(m.node_id = ?, NULL, ?)", target, target)
    return write(
        ids,
        {
            set = set,
            where = db.format("{owner} = ?", from),
            target = target
        },
        operation,
        lease
    )
end

--- Makes `target` the home of monitors that are at home on `from`. One that was pinned there meanwhile stays.
function _M.rehome(ids, from, target, operation, lease)
    local set = db.format("m.node_id = ?, m.assigned_node = NULL", target)
    local where = db.format("{owner} = ? AND m.node_id = ? AND " .. MOVABLE, from, from)
    return write(ids, {set = set, where = where, target = target}, operation, lease)
end

--- Gives a home to monitors that have none.
function _M.adopt(ids, home, operation, lease)
    local set = db.format("m.node_id = ?, m.assigned_node = NULL", home)
    return write(ids, {set = set, where = "m.node_id IS NULL", target = home}, operation, lease)
end

--- Lets the home node run its monitors again.
function _M.send_home(ids, home, operation, lease)
    local where = db.format("m.node_id = ? AND m.assigned_node IS NOT NULL", home)
    return write(ids, {set = "m.assigned_node = NULL", where = where, target = home}, operation, lease)
end
return _M
