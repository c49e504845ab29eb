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
local owner_expression = ____schema.owner_expression
local suspects = require("store.suspects")
--- So many nodes are tried for a beat.
local MOST_HOSTS = 2

--- The nodes that take requests now.
local function places()
    local rows, err = db.query("SELECT node_id, host FROM node WHERE status IN ('online', 'draining') ORDER BY node_id")
    if rows == nil then
        return nil, err
    end
    local found = {}
    for ____, row in ipairs(rows) do
        local node_id = text(row.node_id) or ""
        if not suspects.is_skipped(node_id) then
            table.insert(
                found,
                {
                    node_id = node_id,
                    host = text(row.host) or ""
                }
            )
        end
    end
    return found
end

--- A node that does not run the monitor hands the beat on.
local function hosts_for(owner, found)
    local hosts = {}
    for ____, ____value in ipairs(found) do
        local node_id = ____value.node_id
        local host = ____value.host
        if node_id == owner then
            table.insert(hosts, host)
        end
    end
    for ____, ____value in ipairs(found) do
        local node_id = ____value.node_id
        local host = ____value.host
        if node_id ~= owner and #hosts < MOST_HOSTS then
            table.insert(hosts, host)
        end
    end
    return hosts
end

--- The push monitors of these checks, by the check's id. Those of checks that are gone are left out, all when the lease is over.
function _M.push_targets(check_ids, lease)
    local owner, owner_err = owner_expression()
    if owner == nil then
        return nil, owner_err
    end
    local found, places_err = places()
    if found == nil then
        return nil, "cannot read nodes: " .. places_err
    end
    local ids = {}
    for ____, id in ipairs(check_ids) do
        table.insert(
            ids,
            db.quote(id)
        )
    end
    local rows, err = db.query(((("SELECT c.id, c.verdict, m.push_token, m.active, " .. owner) .. " AS owner FROM probe_check c ") .. fence(lease)) .. (" LEFT JOIN monitor m ON m.id = c.monitor_id WHERE c.id IN (" .. table.concat(ids, ", ")) .. ")")
    if rows == nil then
        return nil, "cannot read monitors: " .. err
    end
    local targets = {}
    for ____, ____value in ipairs(rows) do
        local id = ____value.id
        local verdict = ____value.verdict
        local push_token = ____value.push_token
        local active = ____value.active
        local node_id = ____value.owner
        targets[number(id) or 0] = {
            verdict = text(verdict) or "",
            token = text(push_token),
            is_active = number(active) == 1,
            hosts = hosts_for(
                text(node_id),
                found
            )
        }
    end
    return targets
end
return _M
