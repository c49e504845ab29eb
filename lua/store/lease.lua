-- Generated from src-ts/store/lease.ts: edit that file, then run npm run build.
-- The lease of the control plane: a row with an epoch. Only the database's clock counts. A statement that changes
-- nodes or assignments joins this row (see fence), so that a leader whose epoch is over changes 0 rows.
local _M = {}
local db = require("db")
local ____column = require("store.column")
local number = ____column.number
local text = ____column.text

--- The JOIN that makes a write conditional on the lease.
function _M.fence(lease)
    return db.format(" JOIN cluster_lease l ON l.name = 'leader' AND l.session = ? AND l.epoch = ? ", lease.session, lease.epoch)
end

--- The lease's row, or nil and the error. A row that nobody ever took has epoch 0.
function _M.read()
    local rows, err = db.query("SELECT holder, session, epoch, renewed_at, TIMESTAMPDIFF(MICROSECOND, renewed_at, NOW(6)) / 1000000 AS age" .. " FROM cluster_lease WHERE name = 'leader'")
    if rows == nil then
        return nil, "cannot read the lease: " .. err
    end
    local row = rows[1] or ({})
    return {
        holder = text(row.holder) or "",
        session = text(row.session) or "",
        epoch = number(row.epoch) or 0,
        renewed_at = text(row.renewed_at) or "",
        age = number(row.age)
    }
end

--- Makes sure that there is a row to take.
function _M.create()
    local created, err = db.query("INSERT IGNORE INTO cluster_lease (name) VALUES ('leader')")
    if created == nil then
        return nil, "cannot create the lease: " .. err
    end
    return true
end

--- Takes the lease if its row is still as `seen`; the epoch grows by one.
--
-- @returns true when it is ours now, false when it was renewed or taken since
function _M.take(holder, session, seen)
    local result, err = db.query(db.format(
        "UPDATE cluster_lease SET holder = ?, session = ?, epoch = epoch + 1, renewed_at = NOW(6)" .. " WHERE name = 'leader' AND session = ? AND epoch = ? AND renewed_at = ?",
        holder,
        session,
        seen.session,
        seen.epoch,
        seen.renewed_at
    ))
    if result == nil then
        return nil, "cannot take the lease: " .. err
    end
    return result.affected_rows == 1
end

--- Gives the lease back, so that another load balancer takes it at once. False when it was not ours any more.
function _M.release(lease)
    local result, err = db.query(db.format("UPDATE cluster_lease SET session = '' WHERE name = 'leader' AND session = ? AND epoch = ?", lease.session, lease.epoch))
    if result == nil then
        return nil, "cannot release the lease: " .. err
    end
    return result.affected_rows == 1
end

--- Renews the lease. False when it is no longer ours.
function _M.renew(lease)
    local result, err = db.query(db.format("UPDATE cluster_lease SET renewed_at = NOW(6) WHERE name = 'leader' AND session = ? AND epoch = ?", lease.session, lease.epoch))
    if result == nil then
        return nil, "cannot renew the lease: " .. err
    end
    return result.affected_rows == 1
end
return _M
