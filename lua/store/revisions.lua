-- Generated from src-ts/store/revisions.ts: edit that file, then run npm run build.
-- Which checks there are, and since when they are what they are.
local _M = {}
local db = require("db")
local ____column = require("store.column")
local number = ____column.number
local text = ____column.text

--- When each check that is switched on was last changed, by its id: what is said of it before is of another check.
function _M.revisions()
    local rows, err = db.query("SELECT id, modified_date FROM probe_check WHERE active = 1")
    if rows == nil then
        return nil, "cannot read checks: " .. err
    end
    local found = {}
    for ____, ____value in ipairs(rows) do
        local id = ____value.id
        local modified_date = ____value.modified_date
        found[number(id) or 0] = text(modified_date)
    end
    return found
end
return _M
