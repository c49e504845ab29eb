-- Generated from src-ts/store/push_monitors.ts: edit that file, then run npm run build.
-- Where the push monitors of checks take their beats.
local _M = {}
local db = require("db")
local ____column = require("store.column")
local number = ____column.number
local text = ____column.text
local ____lease = require("store.lease")
local fence = ____lease.fence
local ____schema = require("store.schema")
local COMPARABLE_NODE_ID = ____schema.COMPARABLE_NODE_ID
local owner_expression = ____schema.owner_expression

--- The push monitors of these checks, by the check's id. Those of checks that are gone are left out, all when the lease is over.
function _M.push_targets(check_ids, lease)
    local owner, owner_err = owner_expression()
    if owner == nil then
        return nil, owner_err
    end
    local ids = {}
    for ____, id in ipairs(check_ids) do
        table.insert(
            ids,
            db.quote(id)
        )
    end
    local rows, err = db.query((("SELECT c.id, c.verdict, m.push_token, m.active, n.host FROM probe_check c " .. fence(lease)) .. ((" LEFT JOIN monitor m ON m.id = c.monitor_id LEFT JOIN node n ON " .. COMPARABLE_NODE_ID) .. " = ") .. owner) .. (" AND n.status = 'online' WHERE c.id IN (" .. table.concat(ids, ", ")) .. ")")
    if rows == nil then
        return nil, "cannot read monitors: " .. err
    end
    local targets = {}
    for ____, ____value in ipairs(rows) do
        local id = ____value.id
        local verdict = ____value.verdict
        local push_token = ____value.push_token
        local active = ____value.active
        local host = ____value.host
        targets[number(id) or 0] = {
            verdict = text(verdict) or "",
            token = text(push_token),
            is_active = number(active) == 1,
            host = text(host)
        }
    end
    return targets
end
return _M
