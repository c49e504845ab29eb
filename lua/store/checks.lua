-- Generated from src-ts/store/checks.ts: edit that file, then run npm run build.
-- The rows of probe_check: what probes check, and what it has come to.
local _M = {}
local db = require("db")
local ____check_target = require("lib.check_target")
local is_check_kind = ____check_target.is_check_kind
local read_target = ____check_target.read_target
local ____fields = require("lib.fields")
local is_list = ____fields.is_list
local json = require("lib.json")
local logger = require("logger")
local ____column = require("store.column")
local number = ____column.number
local text = ____column.text
local ____lease = require("store.lease")
local fence = ____lease.fence
local VERDICTS = {up = "up", down = "down", unknown = "unknown"}
local STRATEGIES = {["any-down"] = "any-down", ["majority-down"] = "majority-down", ["all-down"] = "all-down"}

local function decode_target(kind, value)
    if not is_check_kind(kind) then
        return nil, "there is no kind " .. kind
    end
    local target, err = json.decode(text(value) or "")
    if target == nil then
        return nil, err or "it has no target"
    end
    return read_target(kind, target)
end

--- A list of texts, false for NULL, nil for anything else.
local function decode_regions(value)
    local given = text(value)
    if given == nil then
        return false
    end
    local regions = json.decode(given)
    if not is_list(regions) then
        return nil
    end
    for ____, region in ipairs(regions) do
        if type(region) ~= "string" then
            return nil
        end
    end
    local ____temp_0
    if #regions == 0 then
        ____temp_0 = false
    else
        ____temp_0 = regions
    end
    return ____temp_0
end

--- Nil and the cause for a row that somebody else has written in a way that nobody can carry out.
local function to_check(row)
    local kind = text(row.kind) or ""
    local target, err = decode_target(kind, row.target)
    if target == nil then
        return nil, err
    end
    local regions = decode_regions(row.regions)
    if regions == nil then
        return nil, "regions must be a list of names"
    end
    local ____temp_2 = number(row.id) or 0
    local ____temp_3 = text(row.name) or ""
    local ____kind_4 = kind
    local ____target_5 = target
    local ____temp_6 = number(row.seconds) or 60
    local ____temp_7 = number(row.timeout_ms) or 10000
    local ____temp_1
    if regions == false then
        ____temp_1 = nil
    else
        ____temp_1 = regions
    end
    return {
        id = ____temp_2,
        name = ____temp_3,
        kind = ____kind_4,
        target = ____target_5,
        interval = ____temp_6,
        timeout_ms = ____temp_7,
        regions = ____temp_1,
        strategy = STRATEGIES[text(row.strategy) or ""],
        quorum = number(row.quorum),
        active = number(row.active) == 1,
        monitor_id = number(row.monitor_id),
        verdict = VERDICTS[text(row.verdict) or ""] or "unknown",
        verdict_since = text(row.verdict_since),
        verdict_message = text(row.verdict_message) or "",
        created = text(row.created_date) or "",
        modified = text(row.modified_date) or ""
    }
end
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
