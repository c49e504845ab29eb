-- Generated from src-ts/store/probes.ts: edit that file, then run npm run build.
-- The probes: the rows of the table probe.
local _M = {}
local db = require("db")
local ____column = require("store.column")
local number = ____column.number
local text = ____column.text
--- Days after which a probe that is silent is forgotten.
local FORGET_DAYS = 7

local function to_probe(row)
    return {
        probe_id = text(row.probe_id) or "",
        name = text(row.name) or "",
        region = text(row.region) or "",
        version = text(row.version) or "",
        session = text(row.session) or "",
        last_seq = number(row.last_seq) or 0,
        registered_at = text(row.registered_at) or "",
        last_seen = text(row.last_seen) or "",
        seen_age = number(row.seen_age) or 0
    }
end

local function select(where)
    local rows, err = db.query("SELECT p.*, TIMESTAMPDIFF(MICROSECOND, p.last_seen, NOW(6)) / 1000000 AS seen_age FROM probe p" .. (" WHERE " .. where) .. " ORDER BY p.region, p.probe_id")
    if rows == nil then
        return nil, "cannot read probes: " .. err
    end
    local probes = {}
    for ____, row in ipairs(rows) do
        table.insert(
            probes,
            to_probe(row)
        )
    end
    return probes
end

--- All probes, by region.
function _M.list()
    return select("TRUE")
end

--- One probe; nil without an error when it is unknown.
function _M.find(probe_id)
    local probes, err = select(db.format("p.probe_id = ?", probe_id))
    if probes == nil then
        return nil, err
    end
    return probes[1]
end

--- Notes a probe that begins; the numbers of its results begin anew.
function _M.register(probe_id, name, region, version, session)
    local done, err = db.query(db.format(
        ("INSERT INTO probe (probe_id, name, region, version, session) VALUES (?, ?, ?, ?, ?)" .. " ON DUPLICATE KEY UPDATE name = VALUES(name), region = VALUES(region), version = VALUES(version),") .. " session = VALUES(session), last_seq = 0, registered_at = NOW(6), last_seen = NOW(6)",
        probe_id,
        name,
        region,
        version,
        session
    ))
    if done == nil then
        return nil, "cannot register a probe: " .. err
    end
    return true
end

--- Notes that a probe was here.
function _M.touch(probe_id)
    local done, err = db.query(db.format("UPDATE probe SET last_seen = NOW(6) WHERE probe_id = ?", probe_id))
    if done == nil then
        return nil, "cannot note a probe: " .. err
    end
    return true
end

--- Drops probes that are gone for good.
function _M.prune()
    local done, err = db.query(("DELETE FROM probe WHERE last_seen < NOW(6) - INTERVAL " .. tostring(FORGET_DAYS)) .. " DAY")
    if done == nil then
        return nil, "cannot prune probes: " .. err
    end
    return true
end
return _M
