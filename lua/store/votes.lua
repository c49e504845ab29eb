-- Generated from src-ts/store/votes.ts: edit that file, then run npm run build.
-- What probes say: the rows of probe_vote (the latest of each probe for each check) and probe_result (all of them).
local _M = {}
local db = require("db")
local ____column = require("store.column")
local number = ____column.number
local text = ____column.text
--- Seconds that results are kept.
local KEEP_SECONDS = 3 * 3600
--- Rows that go at once, and how many times: more than come between two times, whatever there is to check.
local PRUNED_AT_ONCE = 5000
local PRUNE_STEPS = 100

local function values_of(probe_id, results)
    local rows = {}
    for ____, ____value in ipairs(results) do
        local check_id = ____value.check_id
        local status = ____value.status
        local age_ms = ____value.age_ms
        local ping_ms = ____value.ping_ms
        local message = ____value.message
        table.insert(
            rows,
            db.format(
                "(?, ?, NOW(6) - INTERVAL ? MICROSECOND, ?, ?, ?)",
                check_id,
                probe_id,
                age_ms * 1000,
                status,
                ping_ms,
                message
            )
        )
    end
    return table.concat(rows, ", ")
end
--- A result that was kept while the leader was away may be older than the vote that is there; a vote from the future is one
-- of a clock that was set back since.
local IS_NEWER = "(VALUES(at) >= at OR at > NOW(6))"

--- Stores results of a session, the oldest first, and that all up to `last_seq` are known.
--
-- @returns false when the session is over, or has got further already: then nothing is stored
function _M.store(probe_id, session, seen_seq, last_seq, results)
    return db.transaction(function(connection)
        local noted, err = connection:query(db.format(
            "UPDATE probe SET last_seq = ?, last_seen = NOW(6) WHERE probe_id = ? AND session = ? AND last_seq = ?",
            last_seq,
            probe_id,
            session,
            seen_seq
        ))
        if noted == nil then
            return nil, "cannot store results: " .. err
        end
        if noted.affected_rows == 0 or #results == 0 then
            return noted.affected_rows > 0
        end
        local values = values_of(probe_id, results)
        local columns = "(check_id, probe_id, at, status, ping_ms, message)"
        for ____, statement in ipairs({(("INSERT INTO probe_result " .. columns) .. " VALUES ") .. values, ((((("INSERT INTO probe_vote " .. columns) .. " VALUES ") .. values) .. " ON DUPLICATE KEY UPDATE") .. (((" status = IF(" .. IS_NEWER) .. ", VALUES(status), status), ping_ms = IF(") .. IS_NEWER) .. ", VALUES(ping_ms), ping_ms),") .. (((" message = IF(" .. IS_NEWER) .. ", VALUES(message), message), at = IF(") .. IS_NEWER) .. ", VALUES(at), at)"}) do
            local done, store_err = connection:query(statement)
            if done == nil then
                return nil, "cannot store results: " .. store_err
            end
        end
        return true
    end)
end

local function to_vote(row)
    return {
        check_id = number(row.check_id) or 0,
        probe_id = text(row.probe_id) or "",
        region = text(row.region) or "",
        status = text(row.status) or "",
        at = text(row.at) or "",
        age = number(row.age) or 0,
        ping_ms = number(row.ping_ms),
        message = text(row.message) or ""
    }
end

local function select_votes(from, rest)
    local rows, err = db.query(("SELECT v.check_id, v.probe_id, p.region, v.status, v.at, v.ping_ms, v.message," .. (" TIMESTAMPDIFF(MICROSECOND, v.at, NOW(6)) / 1000000 AS age FROM " .. from) .. " v JOIN probe p ON p.probe_id = v.probe_id") .. " " .. rest)
    if rows == nil then
        return nil, "cannot read votes: " .. err
    end
    local votes = {}
    for ____, row in ipairs(rows) do
        table.insert(
            votes,
            to_vote(row)
        )
    end
    return votes
end

--- The latest result of each probe for each check.
function _M.votes()
    return select_votes("probe_vote", "ORDER BY v.check_id")
end

--- The latest results for a check, newest first.
function _M.results_of(check_id, limit)
    local latest = db.format("SELECT * FROM probe_result WHERE check_id = ? ORDER BY at DESC, id DESC LIMIT ?", check_id, limit)
    return select_votes(("(" .. latest) .. ")", "ORDER BY v.at DESC, v.id DESC")
end

local function prune_results()
    local steps = PRUNE_STEPS
    while steps > 0 do
        steps = steps - 1
        local done, err = db.query((("DELETE FROM probe_result WHERE received_at < NOW(6) - INTERVAL " .. tostring(KEEP_SECONDS)) .. " SECOND LIMIT ") .. tostring(PRUNED_AT_ONCE))
        if done == nil then
            return nil, "cannot prune results: " .. err
        end
        if done.affected_rows < PRUNED_AT_ONCE then
            break
        end
    end
    return true
end

--- Drops results that are too old to be of interest, and votes of probes, and for checks, that are gone.
function _M.prune()
    local pruned, err = prune_results()
    if pruned == nil then
        return nil, err
    end
    local done, vote_err = db.query("DELETE v FROM probe_vote v LEFT JOIN probe p ON p.probe_id = v.probe_id" .. " LEFT JOIN probe_check c ON c.id = v.check_id WHERE p.probe_id IS NULL OR c.id IS NULL")
    if done == nil then
        return nil, "cannot prune votes: " .. vote_err
    end
    return true
end
return _M
