-- Generated from src-ts/store/beats.ts: edit that file, then run npm run build.
-- Reads the rows of heartbeat that have come since the last look: which checks are missing, which came twice.
local _M = {}
local db = require("db")
local ____column = require("store.column")
local number = ____column.number
local ____schema = require("store.schema")
local is_missing_table = ____schema.is_missing_table
--- Rows of one look at most; what is beyond comes next time.
local ROWS = 20000
--- A longer pause than so many intervals and ten minutes is no miss: somebody had paused the monitor.
local PAUSE = "(10 * x.seconds + 600)"

--- The id of the last beat; 0 when there is none.
function _M.last_id()
    local rows, err = db.query("SELECT MAX(id) AS id FROM heartbeat")
    if rows == nil then
        if is_missing_table(err) then
            return 0
        end
        return nil, "cannot read heartbeats: " .. err
    end
    local ____number_2 = number
    local ____opt_0 = rows[1]
    return ____number_2(____opt_0 and ____opt_0.id) or 0
end

--- Counts the beats after the row `since`, by the time to the beat before of the same monitor: more than one and a half
-- intervals and ten seconds are missed checks; less than half of the interval between retries, soon after a move, is a
-- check of two nodes. Push monitors beat when they are pushed and do not count.
function _M.count_since(since)
    local ____end, end_err = _M.last_id()
    if ____end == nil then
        return nil, end_err
    end
    local ____until = math.min(____end, since + ROWS)
    local rows, err = db.query(((((((("SELECT COUNT(*) AS beats," .. (" SUM(IF(x.gap > 1.5 * x.seconds + 10 AND x.gap < " .. PAUSE) .. ", ROUND(x.gap / x.seconds) - 1, 0)) AS missed,") .. " SUM(x.gap * 2 < x.shortest AND x.is_moved) AS duplicates FROM") .. " (SELECT GREATEST(m.`interval`, 1) AS seconds, LEAST(m.`interval`, m.retry_interval) AS shortest,") .. " EXISTS (SELECT 1 FROM cluster_move c WHERE c.monitor_id = h.monitor_id AND") .. " c.moved_at > NOW(6) - INTERVAL 2 MINUTE) AS is_moved, TIMESTAMPDIFF(SECOND, (SELECT p.time FROM heartbeat p") .. " WHERE p.monitor_id = h.monitor_id AND p.id < h.id ORDER BY p.id DESC LIMIT 1), h.time) AS gap") .. " FROM heartbeat h JOIN monitor m ON m.id = h.monitor_id") .. db.format(" WHERE h.id > ? AND h.id <= ? AND m.type <> 'push') x", since, ____until))
    if rows == nil then
        return nil, "cannot count heartbeats: " .. err
    end
    local row = rows[1]
    return {
        last_id = ____until,
        beats = number(row and row.beats) or 0,
        missed = number(row and row.missed) or 0,
        duplicates = number(row and row.duplicates) or 0
    }
end
return _M
