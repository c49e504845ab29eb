-- Generated from src-ts/store/assignments.ts: edit that file, then run npm run build.
-- Who runs what: the only writes of monitor.node_id and monitor.assigned_node, all of them fenced by the lease.
local _M = {}
local db = require("db")
local ____lease = require("store.lease")
local fence = ____lease.fence
local version = require("store.version")
--- Ids in one statement: small enough for max_allowed_packet, large enough that 100,000 monitors are 50 statements.
local CHUNK = 2000

local function update(ids, lease, set_where)
    local changed = 0
    for first = 1, #ids, CHUNK do
        local chunk = table.concat(
            ids,
            ",",
            first,
            math.min(first + CHUNK - 1, #ids)
        )
        local result, err = db.query(((((("UPDATE monitor m " .. fence(lease)) .. " ") .. set_where) .. " AND m.id IN (") .. chunk) .. ")")
        if result == nil then
            return nil, "cannot move monitors: " .. err
        end
        changed = changed + result.affected_rows
    end
    version.bump()
    return changed
end

--- Lets `target` run the monitors for as long as their home cannot. A monitor that somebody has moved away from `from`
-- meanwhile stays where it is.
--
-- @returns how many have moved
function _M.move(ids, from, target, lease)
    return update(
        ids,
        lease,
        db.format("SET m.assigned_node = IF(m.node_id = ?, NULL, ?) WHERE COALESCE(m.assigned_node, m.node_id) = ?", target, target, from)
    )
end

--- Gives a home to monitors that have none; returns how many got it.
function _M.adopt(ids, home, lease)
    return update(
        ids,
        lease,
        db.format("SET m.node_id = ?, m.assigned_node = NULL WHERE m.node_id IS NULL", home)
    )
end

--- Lets the home node run its monitors again; returns how many went home.
function _M.send_home(ids, home, lease)
    return update(
        ids,
        lease,
        db.format("SET m.assigned_node = NULL WHERE m.node_id = ?", home)
    )
end
return _M
