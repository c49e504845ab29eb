-- Generated from src-ts/lib/group.ts: edit that file, then run npm run build.
-- Values that belong together, in lists by what they share.
local _M = {}

--- Adds a value to the list of its key.
function _M.add(groups, key, value)
    local list = groups[key] or ({})
    table.insert(list, value)
    groups[key] = list
end
return _M
