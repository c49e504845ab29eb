-- Generated from src-ts/store/pins.ts: edit that file, then run npm run build.
-- The monitors that never leave their home. Nodes write them, for their users; the load balancer respects them.
local _M = {}
local db = require("db")
local ____column = require("store.column")
local number = ____column.number
local ____schema = require("store.schema")
local is_missing_table = ____schema.is_missing_table
--- True of a monitor `m` that may be moved.
_M.MOVABLE = "NOT EXISTS (SELECT 1 FROM cluster_pin p WHERE p.monitor_id = m.id)"

--- How many monitors are pinned to the node.
function _M.count_at(node_id)
    local rows, err = db.query(db.format("SELECT COUNT(*) AS n FROM monitor m WHERE m.node_id = ? AND m.assigned_node IS NULL" .. " AND NOT " .. _M.MOVABLE, node_id))
    if rows == nil then
        return nil, "cannot count pins: " .. err
    end
    local ____number_2 = number
    local ____opt_0 = rows[1]
    return ____number_2(____opt_0 and ____opt_0.n) or 0
end

--- Forgets the pins of monitors that are no more.
function _M.prune()
    local done, err = db.query("DELETE p FROM cluster_pin p LEFT JOIN monitor m ON m.id = p.monitor_id WHERE m.id IS NULL")
    if done == nil and not is_missing_table(err) then
        return nil, "cannot prune pins: " .. err
    end
    return true
end
return _M
