-- Generated from src-ts/lib/database_errors.ts: edit that file, then run npm run build.
-- How often the database failed, by kind: in a shared dict, since it is rare and all workers count.
local _M = {}
local shared_dict = require("lib.shared_dict")
local ____text = require("lib.text")
local contains = ____text.contains
_M.KINDS = {"connect", "timeout", "lost", "refused"}
local dict = shared_dict.open("cluster_metrics")

--- Counts an error that the caller gets to see; what was repeated with success is none.
function _M.count(kind)
    shared_dict.increment(dict, "database_error:" .. kind)
end

--- Counts the failure of a statement that is not tried again.
function _M.count_failure(failure, err)
    if failure == "refused" then
        _M.count("refused")
        return
    end
    _M.count(contains(err or "", "timeout") and "timeout" or "lost")
end

--- Errors of this kind since the load balancer started.
function _M.total(kind)
    return shared_dict.get_number(dict, "database_error:" .. kind) or 0
end
return _M
