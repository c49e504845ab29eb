-- Generated from src-ts/store/node_wishes.ts: edit that file, then run npm run build.
-- What an operator wants of a node: that it is empty, takes part again, or is no part of the cluster any more.
local _M = {}
local db = require("db")
local version = require("store.version")

--- Takes an offline node out of the table.
--
-- @returns false when it is not there or not offline
function _M.remove(node_id)
    local result, err = db.query(db.format("DELETE FROM node WHERE node_id = ? AND status = 'offline'", node_id))
    if result == nil then
        return nil, (("cannot forget " .. node_id) .. ": ") .. err
    end
    version.bump()
    return result.affected_rows > 0
end

--- Notes that an operator wants the node empty, but not the last online one of those that are to stay. One that is
-- drained already stays so since the first time.
--
-- @returns false when the node is not there or nobody could take over from it
function _M.drain(node_id)
    local result, err = db.query(db.format(("UPDATE node n LEFT JOIN (SELECT COUNT(*) AS ready FROM node WHERE status = 'online' AND drained_at IS NULL" .. " AND node_id <> ?) others ON TRUE SET n.drained_at = NOW(6)") .. " WHERE n.node_id = ? AND n.drained_at IS NULL AND (n.status <> 'online' OR others.ready > 0)", node_id, node_id))
    if result == nil then
        return nil, (("cannot drain " .. node_id) .. ": ") .. err
    end
    return result.affected_rows > 0
end

--- Takes the wish back; false when there was none.
function _M.undrain(node_id)
    local result, err = db.query(db.format("UPDATE node SET drained_at = NULL WHERE node_id = ? AND drained_at IS NOT NULL", node_id))
    if result == nil then
        return nil, (("cannot make " .. node_id) .. " ready: ") .. err
    end
    return result.affected_rows > 0
end
return _M
