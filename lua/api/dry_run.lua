-- Generated from src-ts/api/dry_run.ts: edit that file, then run npm run build.
-- The parameter dry_run of routes that change something.
local _M = {}
local ____request = require("api.request")
local invalid = ____request.invalid
local FLAGS = {["1"] = true, ["true"] = true, ["0"] = false, ["false"] = false}

--- What `dry_run` makes of a request: a list of what would be done, or the deed.
function _M.either(____bindingPattern0, list, act)
    local query
    query = ____bindingPattern0.query
    local is_dry_run = FLAGS[query.dry_run or "0"]
    if is_dry_run == nil then
        return invalid("dry_run", "1 or 0")
    end
    return is_dry_run and list() or act()
end
return _M
