-- Generated from src-ts/store/votes.ts: edit that file, then run npm run build.
-- What probes say: the rows of probe_vote (the latest of each probe for each check) and probe_result (all of them).
local _M = {}
local db = require("db")
local ____column = require("store.column")
local number = ____column.number
local text = ____column.text
local node_votes = require("store.node_votes")
local ____node_votes = require("store.node_votes")
local IS_NEWER = ____node_votes.IS_NEWER

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

local function insertions(probe_id, results, of_nodes)
    local statements = {}
    if #results > 0 then
        local values = values_of(probe_id, results)
        local columns = "(check_id, probe_id, at, status, ping_ms, message)"
        table.insert(statements, (("INSERT INTO probe_result " .. columns) .. " VALUES ") .. values)
        table.insert(statements, ((((("INSERT INTO probe_vote " .. columns) .. " VALUES ") .. values) .. " ON DUPLICATE KEY UPDATE") .. (((" status = IF(" .. IS_NEWER) .. ", VALUES(status), status), ping_ms = IF(") .. IS_NEWER) .. ", VALUES(ping_ms), ping_ms),") .. (((" message = IF(" .. IS_NEWER) .. ", VALUES(message), message), at = IF(") .. IS_NEWER) .. ", VALUES(at), at)")
    end
    if #of_nodes > 0 then
        table.insert(
            statements,
            node_votes.insertion(probe_id, of_nodes)
        )
    end
    return statements
end

--- Stores results of a session, those of checks and those of nodes, the oldest first, and that all up to `last_seq` are known.
--
-- @returns false when the session is over, or has got further already: then nothing is stored
function _M.store(probe_id, session, seen_seq, last_seq, results, of_nodes)
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
        if noted.affected_rows == 0 then
            return false
        end
        for ____, statement in ipairs(insertions(probe_id, results, of_nodes)) do
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
return _M
