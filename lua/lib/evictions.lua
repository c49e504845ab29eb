-- Generated from src-ts/lib/evictions.ts: edit that file, then run npm run build.
-- Keys of shared dictionaries that were dropped before their time because there was no room for others.
local _M = {}
--- Where the number of keys does not grow: what drops keys elsewhere does not drop the count of them. Missing in an
-- nginx.conf of somebody's own that does not start: nothing is counted there.
local counters = ngx.shared.cluster_control

--- Notes that a write to that dictionary has dropped other keys. Never raises.
function _M.note(dict_name)
    if counters ~= nil then
        counters:incr("evictions:" .. dict_name, 1, 0)
    end
end

--- Writes to that dictionary that have dropped other keys, of all workers since the load balancer started.
function _M.total(dict_name)
    if counters == nil then
        return 0
    end
    return tonumber((counters:get("evictions:" .. dict_name))) or 0
end
return _M
