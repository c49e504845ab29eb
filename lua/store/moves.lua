-- Generated from src-ts/store/moves.ts: edit that file, then run npm run build.
-- The log of moves: whether each moved monitor beats at its new node, and what became of it. See cluster_move.
local _M = {}
local db = require("db")
local ____column = require("store.column")
local number = ____column.number
local read_fields = ____column.read_fields
local text = ____column.text
local ____pins = require("store.pins")
local MOVABLE = ____pins.MOVABLE
local ____schema = require("store.schema")
local comparable = ____schema.comparable
local is_missing_table = ____schema.is_missing_table
local owner_expression = ____schema.owner_expression
--- Seconds that a monitor has for its first beat: the schedule of the old node goes on, a check may take as long as the
-- interval, and a start takes its time.
local DUE = "(2 * c.seconds + 10)"
--- A monitor whose last beat is older than this had stopped before it was moved: no beat is to be expected.
local ALIVE = "(3 * c.seconds + 60)"
--- The moves of operations that run, by the index that begins with the operation.
local OF_RUNNING = "JOIN cluster_operation o ON o.id = c.operation AND o.status = 'running'"
--- The new node, in whatever collation the database speaks.
local TO_NODE = comparable("c.to_node")
local AWAITED = "WHERE c.state = 'waiting'"

local function run(what, sql)
    local result, err = db.query(sql)
    if result == nil then
        if is_missing_table(err) then
            return 0
        end
        return nil, (("cannot " .. what) .. ": ") .. err
    end
    return result.affected_rows
end

local function read_beats()
    local function beat(which, ids)
        return "(SELECT h.time FROM heartbeat h WHERE h.id = " .. ((("(SELECT " .. which) .. "(b.id) FROM heartbeat b WHERE b.monitor_id = c.monitor_id AND b.id ") .. ids) .. " c.beat_id))"
    end
    return run(
        "look for the beats of moved monitors",
        (((("UPDATE cluster_move c " .. OF_RUNNING) .. " SET c.last_beat = COALESCE(c.last_beat, ") .. beat("MAX", "<=")) .. "),") .. ((" c.first_beat = " .. beat("MIN", ">")) .. " ") .. AWAITED
    )
end

--- Looks at the moves whose first beat is awaited: which of them beat, and which are late. None is late while the database
-- has not been there for longer than the wait, in seconds.
--
-- @returns how many have left the state `waiting`
function _M.settle(database_age)
    local owner, owner_err = owner_expression()
    if owner == nil then
        if is_missing_table(owner_err) then
            return 0
        end
        return nil, owner_err
    end
    local superseded, err = run("look for monitors that moved on", (("UPDATE cluster_move c " .. OF_RUNNING) .. " LEFT JOIN monitor m ON m.id = c.monitor_id SET c.state = 'superseded'") .. (((((" " .. AWAITED) .. " AND (m.id IS NULL OR m.active = 0 OR ") .. owner) .. " <> ") .. TO_NODE) .. ")")
    if superseded == nil then
        return nil, err
    end
    local read, read_err = read_beats()
    if read == nil then
        return nil, read_err
    end
    local settled, settle_err = run(
        "settle moves",
        ((((("UPDATE cluster_move c " .. OF_RUNNING) .. " SET c.state = CASE WHEN c.first_beat IS NOT NULL THEN 'beating'") .. (" WHEN c.last_beat IS NULL OR c.last_beat < c.moved_at - INTERVAL " .. ALIVE) .. " SECOND THEN 'idle' ELSE 'late' END") .. (" " .. AWAITED) .. " AND (c.first_beat IS NOT NULL OR c.last_beat IS NULL") .. (((" OR c.last_beat < c.moved_at - INTERVAL " .. ALIVE) .. " SECOND OR (c.moved_at < NOW(6) - INTERVAL ") .. DUE) .. " SECOND") .. (((" AND " .. DUE) .. " < ") .. db.quote(database_age)) .. "))"
    )
    if settled == nil then
        return nil, settle_err
    end
    return superseded + settled
end

--- The moves of running operations that are late, and after which nobody has moved, paused or pinned the monitor.
function _M.late()
    local owner, owner_err = owner_expression()
    if owner == nil then
        return nil, owner_err
    end
    local rows, err = db.query(((("SELECT c.monitor_id, c.to_node, c.seconds, o.type FROM cluster_operation o" .. " JOIN cluster_move c ON c.operation = o.id AND c.state = 'late'") .. ((((" JOIN monitor m ON m.id = c.monitor_id AND m.active = 1 AND " .. owner) .. " = ") .. TO_NODE) .. " AND ") .. MOVABLE) .. " WHERE o.status = 'running' AND NOT EXISTS") .. " (SELECT 1 FROM cluster_move n WHERE n.monitor_id = c.monitor_id AND n.id > c.id) ORDER BY c.id")
    if rows == nil then
        return nil, "cannot read late moves: " .. err
    end
    local moves = {}
    for ____, row in ipairs(rows) do
        table.insert(
            moves,
            {
                monitor_id = number(row.monitor_id) or 0,
                to_node = text(row.to_node) or "",
                interval = number(row.seconds) or 60,
                corrected = text(row.type) == "correction"
            }
        )
    end
    return moves
end
local TEXTS = {
    "type",
    "reason",
    "from_node",
    "to_node",
    "state",
    "moved_at",
    "last_beat",
    "first_beat"
}

--- The latest moves of a monitor, newest first. A move may outlive its operation in the table.
function _M.of_monitor(monitor_id, limit)
    local rows, err = db.query(db.format("SELECT c.*, IFNULL(o.type, 'operation') AS type, IFNULL(o.reason, 'of what nobody knows any more') AS reason, TIMESTAMPDIFF(MICROSECOND, c.last_beat, c.first_beat) DIV 1000 AS gap_ms" .. " FROM cluster_move c LEFT JOIN cluster_operation o ON o.id = c.operation WHERE c.monitor_id = ? ORDER BY c.id DESC LIMIT ?", monitor_id, limit))
    if rows == nil then
        return nil, "cannot read moves: " .. err
    end
    local moves = {}
    for ____, row in ipairs(rows) do
        local move = {monitor_id = monitor_id}
        read_fields(move, row, {"id", "operation", "epoch", "gap_ms"}, TEXTS)
        table.insert(moves, move)
    end
    return moves
end
--- Days and rows for which the log is kept.
local KEEP_DAYS = 30
local KEEP_ROWS = 1000000

--- Drops what is too old or too much of the log, but never the last move of a monitor that is away from its home.
function _M.prune()
    local pruned, err = run(
        "prune the log of moves",
        db.format(("DELETE FROM cluster_move WHERE (moved_at < NOW(6) - INTERVAL ? DAY OR id + ? <=" .. " (SELECT last FROM (SELECT MAX(id) AS last FROM cluster_move) AS newest)) AND monitor_id NOT IN") .. " (SELECT id FROM monitor WHERE assigned_node IS NOT NULL) LIMIT 10000", KEEP_DAYS, KEEP_ROWS)
    )
    if pruned == nil then
        return nil, err
    end
    return true
end
return _M
