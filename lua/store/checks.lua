-- Generated from src-ts/store/checks.ts: edit that file, then run npm run build.
-- The rows of probe_check: what probes check, and what it has come to.
local _M = {}
local db = require("db")
local json = require("lib.json")
local logger = require("logger")
local ____check_row = require("store.check_row")
local to_check = ____check_row.to_check
local ____column = require("store.column")
local text = ____column.text
local ____lease = require("store.lease")
local fence = ____lease.fence
local reported = {}

--- Warns once of what is wrong with a row.
local function report(id, cause)
    if reported[id] ~= cause then
        reported[id] = cause
        logger.warn("PROBES", "check %s is left out, its row in probe_check cannot be read: %s", id, cause)
    end
end

local function select(where)
    local rows, err = db.query(("SELECT * FROM probe_check WHERE " .. where) .. " ORDER BY id")
    if rows == nil then
        return nil, "cannot read checks: " .. err
    end
    local checks = {}
    for ____, row in ipairs(rows) do
        local check, cause = to_check(row)
        if check == nil then
            report(
                text(row.id) or "",
                cause
            )
        else
            table.insert(checks, check)
        end
    end
    return checks
end

--- All checks, in the order of their ids.
function _M.list()
    return select("TRUE")
end

--- Those that are switched on.
function _M.list_active()
    return select("active = 1")
end

--- One check; nil without an error when there is none of this id.
function _M.find(id)
    local checks, err = select(db.format("id = ?", id))
    if checks == nil then
        return nil, err
    end
    return checks[1]
end

local function assignments(fields)
    local target = json.encode(fields.target)
    local regions
    if fields.regions ~= nil then
        regions = json.encode(fields.regions)
    end
    return db.format(
        "name = ?, kind = ?, target = ?, seconds = ?, timeout_ms = ?, regions = ?, strategy = ?, quorum = ?, active = ?",
        fields.name,
        fields.kind,
        target,
        fields.interval,
        fields.timeout_ms,
        regions,
        fields.strategy,
        fields.quorum,
        fields.active
    )
end

--- Adds a check; returns its id.
function _M.add(fields)
    local result, err = db.query("INSERT INTO probe_check SET " .. assignments(fields))
    if result == nil then
        return nil, "cannot add a check: " .. err
    end
    return result.insert_id
end

--- Replaces a check; false when there is none of this id. What was said of what it was before counts no more.
function _M.replace(id, fields)
    local result, err = db.query((("UPDATE probe_check SET " .. assignments(fields)) .. ", modified_date = NOW(6), verdict = 'unknown',") .. " verdict_since = NOW(6), verdict_message = '' WHERE " .. db.format("id = ?", id))
    if result == nil then
        return nil, "cannot change a check: " .. err
    end
    local ____, vote_err = db.query(db.format("DELETE FROM probe_vote WHERE check_id = ?", id))
    if vote_err ~= nil then
        return nil, "cannot change a check: " .. vote_err
    end
    return result.affected_rows > 0
end

--- Notes which push monitor tells Uptime Kuma of the check.
function _M.set_monitor(id, monitor_id)
    local done, err = db.query(db.format("UPDATE probe_check SET monitor_id = ? WHERE id = ?", monitor_id, id))
    if done == nil then
        return nil, "cannot change a check: " .. err
    end
    return true
end

--- Removes a check with all that was said of it.
function _M.remove(id)
    local result, err = db.query(db.format("DELETE FROM probe_check WHERE id = ?", id))
    if result == nil then
        return nil, "cannot remove a check: " .. err
    end
    for ____, name in ipairs({"probe_vote", "probe_result"}) do
        local done, rest_err = db.query(db.format(("DELETE FROM " .. name) .. " WHERE check_id = ?", id))
        if done == nil then
            return nil, "cannot remove a check: " .. rest_err
        end
    end
    return result.affected_rows > 0
end

--- Notes a new verdict; false when it, the check or the lease has changed meanwhile.
function _M.set_verdict(check, to, message, lease)
    local since = to == check.verdict and "c.verdict_since" or "NOW(6)"
    local result, err = db.query(("UPDATE probe_check c " .. fence(lease)) .. db.format(
        ((" SET c.verdict = ?, c.verdict_since = " .. since) .. ", c.verdict_message = ?") .. " WHERE c.id = ? AND (c.verdict = ? OR c.verdict NOT IN ('up', 'down', 'unknown')) AND c.modified_date = ?",
        to,
        message,
        check.id,
        check.verdict,
        check.modified
    ))
    if result == nil then
        return nil, "cannot note a verdict: " .. err
    end
    return result.affected_rows > 0
end
return _M
