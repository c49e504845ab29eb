-- Generated from src-ts/store/operations.ts: edit that file, then run npm run build.
-- What moves monitors, as rows with a progress that outlive the load balancer that leads: see cluster_operation.
local _M = {}
local db = require("db")
local ____column = require("store.column")
local number = ____column.number
local read_fields = ____column.read_fields
local ____lease = require("store.lease")
local fence = ____lease.fence
--- Seconds for which a monitor that is awaited holds up others: one that is checked once a day must not for two days.
local HOLD = 150
local MOVES = "FROM cluster_move c WHERE c.operation = o.id AND c.state ="
local COLUMNS = (((("o.*, (SELECT COUNT(*) " .. MOVES) .. " 'waiting') AS waiting, (SELECT COUNT(*) ") .. MOVES) .. " 'late') AS late,") .. (((" EXISTS (SELECT 1 " .. MOVES) .. " 'waiting' AND c.moved_at > NOW(6) - INTERVAL ") .. tostring(HOLD)) .. " SECOND) AS holding"
local NUMBERS = {
    "id",
    "epoch",
    "planned",
    "moved",
    "waiting",
    "holding",
    "late",
    "gap_ms"
}
local TEXTS = {
    "type",
    "node_id",
    "status",
    "actor",
    "reason",
    "requested_at",
    "started_at",
    "finished_at"
}

local function to_operation(row)
    local operation = {}
    read_fields(operation, row, NUMBERS, TEXTS)
    return operation
end

local function select(rest)
    local rows, err = db.query((("SELECT " .. COLUMNS) .. " FROM cluster_operation o ") .. rest)
    if rows == nil then
        return nil, "cannot read operations: " .. err
    end
    local operations = {}
    for ____, row in ipairs(rows) do
        table.insert(
            operations,
            to_operation(row)
        )
    end
    return operations
end

--- What was requested or runs, oldest first.
function _M.open()
    return select("WHERE o.status IN ('requested', 'running') ORDER BY o.id")
end

--- The latest operations of the types, newest first.
function _M.latest(types, limit)
    return select((("WHERE o.type IN (" .. db.quote_list(types)) .. ") ORDER BY o.id DESC LIMIT ") .. tostring(limit))
end

--- One operation, or nil without an error when there is none of this id.
function _M.find(id)
    local rows, err = select(db.format("WHERE o.id = ?", id))
    if rows == nil then
        return nil, err
    end
    return rows[1]
end

--- Asks the leader for an operation; whoever leads begins it within a second. Returns its id.
function _M.request(____type, actor, reason)
    local result, err = db.query(db.format("INSERT INTO cluster_operation (type, actor, reason) VALUES (?, ?, ?)", ____type, actor, reason))
    if result == nil then
        return nil, "cannot ask for an operation: " .. err
    end
    return result.insert_id
end

--- Begins an operation of the leader's own. Returns its id, or nil and the error; a leader that is none gets an error.
function _M.begin(____type, node_id, reason, planned, actor, lease)
    local result, err = db.query(db.format(
        "INSERT INTO cluster_operation (type, node_id, status, epoch, actor, reason, planned, started_at)" .. " SELECT ?, ?, 'running', l.epoch, ?, ?, ?, NOW(6) FROM (SELECT 1) one",
        ____type,
        node_id,
        actor,
        string.sub(reason, 1, 500),
        planned
    ) .. fence(lease))
    if result == nil then
        return nil, "cannot begin an operation: " .. err
    end
    if result.affected_rows == 0 then
        return nil, ("cannot begin an operation: the lease of epoch " .. tostring(lease.epoch)) .. " is over"
    end
    return result.insert_id
end

--- Seconds since a node last changed its status or an operation ended; 0 while one is open.
function _M.quiet_seconds()
    local rows, err = db.query(((("SELECT IF(EXISTS (SELECT 1 FROM cluster_operation WHERE status IN ('requested', 'running')), 0," .. " TIMESTAMPDIFF(MICROSECOND, GREATEST(COALESCE((SELECT MAX(status_since) FROM node), '1971-01-01'),") .. " COALESCE((SELECT MAX(o.finished_at) FROM") .. " (SELECT finished_at FROM cluster_operation ORDER BY id DESC LIMIT 20) o), '1971-01-01')), NOW(6)) / 1e6)") .. " AS quiet")
    if rows == nil then
        return nil, "cannot read since when it is quiet: " .. err
    end
    local ____number_2 = number
    local ____opt_0 = rows[1]
    return ____number_2(____opt_0 and ____opt_0.quiet) or 0
end

local function change(id, set, lease, condition)
    if condition == nil then
        condition = ""
    end
    local result, err = db.query(((((("UPDATE cluster_operation o " .. fence(lease)) .. " SET ") .. set) .. " WHERE ") .. db.format("o.id = ?", id)) .. condition)
    if result == nil then
        return nil, "cannot change an operation: " .. err
    end
    return result.affected_rows == 1
end

--- Begins what was requested, with the number of moves that are planned now. False when the lease is over.
function _M.start(id, planned, lease)
    local set = "o.status = 'running', o.epoch = l.epoch, o.started_at = NOW(6), o.planned = ?"
    return change(
        id,
        db.format(set, planned),
        lease
    )
end

--- Notes that it has moved more monitors.
function _M.progress(id, moved, lease)
    return change(
        id,
        db.format("o.moved = o.moved + ?, o.planned = GREATEST(o.planned, o.moved)", moved),
        lease
    )
end

--- Ends an operation, with the longest gap of its moves. False when it awaits a beat, or the lease is over.
function _M.finish(id, lease)
    local set = (("o.status = 'done', o.finished_at = NOW(6)," .. " o.moved = (SELECT COUNT(*) FROM cluster_move c WHERE c.operation = o.id),") .. " o.gap_ms = (SELECT MAX(TIMESTAMPDIFF(MICROSECOND, c.last_beat, c.first_beat)) DIV 1000") .. (" " .. MOVES) .. " 'beating')"
    return change(id, set, lease, (" AND NOT EXISTS (SELECT 1 " .. MOVES) .. " 'waiting')")
end
local KEEP_DAYS = 30

--- Drops operations that ended long ago and of which no move is left.
function _M.prune()
    local done, err = db.query((("DELETE FROM cluster_operation WHERE finished_at < NOW(6) - INTERVAL " .. tostring(KEEP_DAYS)) .. " DAY AND NOT EXISTS") .. " (SELECT 1 FROM cluster_move c WHERE c.operation = cluster_operation.id) LIMIT 1000")
    if done == nil then
        return nil, "cannot prune operations: " .. err
    end
    return true
end
return _M
