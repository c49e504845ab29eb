-- Generated from src-ts/store/node_votes.ts: edit that file, then run npm run build.
-- What probes say of the cluster's own nodes: the rows of probe_node_vote, the latest of each probe for each node.
local _M = {}
local db = require("db")
local ____column = require("store.column")
local number = ____column.number
local text = ____column.text
--- Of the row that is there and the one that comes: a result that was kept while the leader was away may be older than the
-- vote that is there; a vote from the future is one of a clock that was set back since.
_M.IS_NEWER = "(VALUES(at) >= at OR at > NOW(6))"

--- The statement that notes results of a probe, the oldest first.
function _M.insertion(probe_id, results)
    local rows = {}
    for ____, ____value in ipairs(results) do
        local node_id = ____value.node_id
        local status = ____value.status
        local age_ms = ____value.age_ms
        local message = ____value.message
        local at = db.format("NOW(6) - INTERVAL ? MICROSECOND", age_ms * 1000)
        local reached_at = status == "up" and at or "NULL"
        table.insert(
            rows,
            db.format(
                "(?, ?, ?, ?, ",
                node_id,
                probe_id,
                status,
                message
            ) .. ((at .. ", ") .. reached_at) .. ")"
        )
    end
    return ((("INSERT INTO probe_node_vote (node_id, probe_id, status, message, at, reached_at)" .. (" VALUES " .. table.concat(rows, ", ")) .. " ON DUPLICATE KEY UPDATE") .. (((" status = IF(" .. _M.IS_NEWER) .. ", VALUES(status), status), message = IF(") .. _M.IS_NEWER) .. ", VALUES(message), message),") .. " reached_at = COALESCE(GREATEST(reached_at, VALUES(reached_at)), reached_at, VALUES(reached_at)),") .. (" at = IF(" .. _M.IS_NEWER) .. ", VALUES(at), at)"
end

local function to_vote(row)
    return {
        node_id = text(row.node_id) or "",
        probe_id = text(row.probe_id) or "",
        region = text(row.region) or "",
        vote = text(row.status),
        age = number(row.age) or 0,
        reached_age = number(row.reached_age),
        message = text(row.message) or ""
    }
end

local function select(where)
    local rows, err = db.query((("SELECT v.node_id, v.probe_id, p.region, v.status, v.message," .. " TIMESTAMPDIFF(MICROSECOND, v.at, NOW(6)) / 1000000 AS age,") .. " TIMESTAMPDIFF(MICROSECOND, v.reached_at, NOW(6)) / 1000000 AS reached_age") .. (" FROM probe_node_vote v JOIN probe p ON p.probe_id = v.probe_id WHERE " .. where) .. " ORDER BY p.region, v.probe_id, v.node_id")
    if rows == nil then
        return nil, "cannot read what probes say of nodes: " .. err
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

--- What each probe said last of each node.
function _M.list()
    return select("TRUE")
end

--- What a probe said last of each node.
function _M.of_probe(probe_id)
    return select(db.format("v.probe_id = ?", probe_id))
end
return _M
