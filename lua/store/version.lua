-- Generated from src-ts/store/version.ts: edit that file, then run npm run build.
-- A number that grows with each write that routing must see: the signal from fail-over to the routing snapshot.
local _M = {}
local shared_dict = require("lib.shared_dict")
local KEY = "store_version"
local dict = shared_dict.open("monitor_routing")

--- The present version; 0 before the first write.
function _M.current()
    return shared_dict.get_number(dict, KEY) or 0
end

--- Says that nodes or assignments have changed.
function _M.bump()
    shared_dict.increment(dict, KEY)
end
return _M
