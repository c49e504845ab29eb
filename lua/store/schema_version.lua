-- Generated from src-ts/store/schema_version.ts: edit that file, then run npm run build.
-- The number of the cluster's schema. Programs apply what they know and go on with what a newer one has added; one that is
-- too old for what is there writes nothing.
local _M = {}
local config = require("config")
local db = require("db")
local ____version = require("lib.version")
local VERSION = ____version.VERSION
local ____column = require("store.column")
local number = ____column.number
local text = ____column.text
local ____ddl = require("store.ddl")
local OLDEST_COMPATIBLE_SCHEMA = ____ddl.OLDEST_COMPATIBLE_SCHEMA
local SCHEMA_VERSION = ____ddl.SCHEMA_VERSION
--- The schema of a release that noted none.
local UNKNOWN = {version = 0, oldest_compatible = 0, applied_by = "", applied_at = 0}

--- The newest schema that was applied; version 0 when none was noted. Fails when there is no table of them yet.
function _M.newest()
    local rows, err = db.query("SELECT version, oldest_compatible, applied_by, UNIX_TIMESTAMP(applied_at) AS applied_at FROM cluster_schema" .. " ORDER BY version DESC LIMIT 1")
    if rows == nil then
        return nil, "cannot read the schema: " .. err
    end
    local row = rows[1]
    if row == nil then
        return UNKNOWN
    end
    return {
        version = number(row.version) or 0,
        oldest_compatible = number(row.oldest_compatible) or 0,
        applied_by = text(row.applied_by) or "",
        applied_at = number(row.applied_at) or 0
    }
end

--- Why this program is too old for the cluster's tables; nil when it is not.
function _M.limitation(found)
    if found.oldest_compatible <= SCHEMA_VERSION then
        return nil
    end
    return (((("the load balancer " .. VERSION) .. " knows schema ") .. tostring(SCHEMA_VERSION)) .. " of the cluster's tables, but these have schema ") .. ((((tostring(found.version) .. " (by ") .. found.applied_by) .. "), for which ") .. tostring(found.oldest_compatible)) .. " or newer is needed: upgrade it"
end

--- Notes that the cluster's schema is applied, unless somebody has noted it.
function _M.note()
    local noted, err = db.query(db.format("INSERT IGNORE INTO cluster_schema (version, oldest_compatible, applied_by) VALUES (?, ?, ?)", SCHEMA_VERSION, OLDEST_COMPATIBLE_SCHEMA, (("load balancer " .. VERSION) .. " of ") .. config.node.id))
    if noted == nil then
        return nil, "cannot note the schema: " .. err
    end
    return true
end
return _M
