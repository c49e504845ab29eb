-- Generated from src-ts/store/events.ts: edit that file, then run npm run build.
-- The log of what the cluster did, as rows that every process can read.
local _M = {}
local db = require("db")
local json = require("lib.json")
local ____column = require("store.column")
local number = ____column.number
local text = ____column.text
--- Rows that are kept, and for how many days.
local KEEP_ROWS = 20000
local KEEP_DAYS = 30
local KEEP_TOLD_HOURS = 1

--- Writes an event; `detail` becomes JSON.
function _M.append(____type, node_id, epoch, actor, detail)
    local done, err = db.query(db.format(
        "INSERT INTO cluster_event (type, node_id, epoch, actor, detail) VALUES (?, ?, ?, ?, ?)",
        ____type,
        node_id,
        epoch,
        actor,
        json.encode(detail)
    ))
    if done == nil then
        return nil, "cannot write an event: " .. err
    end
    return true
end

--- What can be told of a detail: nothing when it is no JSON, or a number in it is none that JSON can have.
local function read_detail(given)
    local detail = json.decode(given)
    local is_sound = pcall(json.encode, detail)
    return (detail == nil or not is_sound) and ({}) or detail
end

local function to_event(row)
    local event = {
        id = number(row.id) or 0,
        at = text(row.at) or "",
        type = text(row.type) or "",
        actor = text(row.actor) or "",
        detail = read_detail(text(row.detail) or "{}")
    }
    local node_id = text(row.node_id)
    if node_id ~= nil then
        event.node_id = node_id
    end
    local epoch = number(row.epoch)
    if epoch ~= nil then
        event.epoch = epoch
    end
    local monitor_id = number(row.monitor_id)
    if monitor_id ~= nil then
        event.monitor_id = monitor_id
    end
    return event
end

local function select(rest)
    local rows, err = db.query("SELECT id, at, type, node_id, monitor_id, epoch, actor, detail FROM cluster_event " .. rest)
    if rows == nil then
        return nil, "cannot read events: " .. err
    end
    local events = {}
    for ____, row in ipairs(rows) do
        table.insert(
            events,
            to_event(row)
        )
    end
    return events
end

--- The latest events of the given types, newest first.
function _M.latest(types, limit)
    return select((("WHERE type IN (" .. db.quote_list(types)) .. ") ORDER BY id DESC LIMIT ") .. tostring(limit))
end

--- What happened after the event of that id, oldest first; without what nodes tell each other.
function _M.after(id, limit)
    return select(db.format("WHERE id > ? AND type NOT LIKE 'kuma.%' ORDER BY id LIMIT ?", id, limit))
end

--- How many events of the type there were for the node within the last `seconds`.
function _M.count_recent(____type, node_id, seconds)
    local rows, err = db.query(db.format("SELECT COUNT(*) AS n FROM cluster_event WHERE type = ? AND node_id = ? AND at > NOW(6) - INTERVAL ? SECOND", ____type, node_id, seconds))
    if rows == nil then
        return nil, "cannot count events: " .. err
    end
    local ____number_2 = number
    local ____opt_0 = rows[1]
    return ____number_2(____opt_0 and ____opt_0.n) or 0
end

--- Drops events that are too old or too many. What nodes tell each other is read within seconds, and is no history.
function _M.prune()
    local told, told_err = db.query(db.format("DELETE FROM cluster_event WHERE type LIKE 'kuma.%' AND type <> 'kuma.latest-version'" .. " AND at < NOW(6) - INTERVAL ? HOUR LIMIT 10000", KEEP_TOLD_HOURS))
    if told == nil then
        return nil, "cannot prune what nodes told each other: " .. told_err
    end
    local done, err = db.query(db.format(("DELETE FROM cluster_event WHERE at < NOW(6) - INTERVAL ? DAY OR id <= (SELECT id FROM" .. " (SELECT id FROM cluster_event WHERE type NOT LIKE 'kuma.%' ORDER BY id DESC LIMIT 1 OFFSET ?)") .. " AS oldest_kept) LIMIT 10000", KEEP_DAYS, KEEP_ROWS))
    if done == nil then
        return nil, "cannot prune events: " .. err
    end
    return true
end
return _M
