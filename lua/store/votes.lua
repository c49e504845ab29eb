-- Generated from src-ts/store/votes.ts: edit that file, then run npm run build.
-- What probes say: the rows of probe_vote (the latest of each probe for each check) and probe_result (all of them).
local _M = {}
local db = require("db")
local ____column = require("store.column")
local number = ____column.number
local text = ____column.text
local node_votes = require("store.node_votes")
--- Seconds that results are kept, and how many rows go at once.
local KEEP_SECONDS = 3 * 3600
local PRUNED_AT_ONCE = 20000

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
        table.insert(statements, (((((("INSERT INTO probe_vote " .. columns) .. " VALUES ") .. values) .. " ON DUPLICATE KEY UPDATE") .. " status = IF(VALUES(at) >= at, VALUES(status), status),") .. " ping_ms = IF(VALUES(at) >= at, VALUES(ping_ms), ping_ms),") .. " message = IF(VALUES(at) >= at, VALUES(message), message), at = GREATEST(at, VALUES(at))")
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
    return select_votes(
        "probe_result",
        db.format("WHERE v.check_id = ? ORDER BY v.at DESC, v.id DESC", check_id) .. " LIMIT " .. tostring(limit)
    )
end

--- Drops results that are too old to be of interest, and votes of probes that are gone.
function _M.prune()
    for ____, statement in ipairs({
        (("DELETE FROM probe_result WHERE received_at < NOW(6) - INTERVAL " .. tostring(KEEP_SECONDS)) .. " SECOND LIMIT ") .. tostring(PRUNED_AT_ONCE),
        "DELETE v FROM probe_vote v LEFT JOIN probe p ON p.probe_id = v.probe_id WHERE p.probe_id IS NULL"
    }) do
        local done, err = db.query(statement)
        if done == nil then
            return nil, "cannot prune results: " .. err
        end
    end
    return true
end
return _M
