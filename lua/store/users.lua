-- Generated from src-ts/store/users.ts: edit that file, then run npm run build.
-- Whether Uptime Kuma has been set up: its user table has a row.
local _M = {}
local db = require("db")
local ____schema = require("store.schema")
local is_missing_table = ____schema.is_missing_table

--- True when a user exists; false also while the table is not there.
function _M.any()
    local rows, err = db.query("SELECT 1 AS found FROM `user` LIMIT 1")
    if rows == nil then
        if is_missing_table(err) then
            return false
        end
        return nil, "cannot read users: " .. err
    end
    return #rows > 0
end
return _M
