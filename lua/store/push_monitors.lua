-- Generated from src-ts/store/push_monitors.ts: edit that file, then run npm run build.
-- Where push monitors take their beats.
local _M = {}
local db = require("db")
local ____column = require("store.column")
local text = ____column.text
local ____schema = require("store.schema")
local COMPARABLE_NODE_ID = ____schema.COMPARABLE_NODE_ID
local owner_expression = ____schema.owner_expression

--- The node that runs a push monitor, and its token; nil without an error while no online node runs it, or it is paused.
function _M.push_target(monitor_id)
    local owner, owner_err = owner_expression()
    if owner == nil then
        return nil, owner_err
    end
    local rows, err = db.query(((("SELECT n.host, m.push_token FROM monitor m JOIN node n ON " .. COMPARABLE_NODE_ID) .. " = ") .. owner) .. db.format(" WHERE m.id = ? AND m.active = 1 AND n.status = 'online'", monitor_id))
    if rows == nil then
        return nil, "cannot read monitors: " .. err
    end
    local ____text_2 = text
    local ____opt_0 = rows[1]
    local ____text_2_result_6 = ____text_2(____opt_0 and ____opt_0.host)
    local ____text_5 = text
    local ____opt_3 = rows[1]
    local host, token = ____text_2_result_6, ____text_5(____opt_3 and ____opt_3.push_token)
    if host == nil or token == nil then
        return nil
    end
    return {host = host, token = token}
end
return _M
