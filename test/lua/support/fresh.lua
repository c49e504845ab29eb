--- Modules with their state as after a start of the worker.
local _M = {}

local PREFIXES = {
    "lib%.", "store%.", "routing%.", "placement%.", "failover%.", "cluster%.", "probe%.", "metrics%.", "api%.", "regions%.", "compat%.",
}
local FACADES = {
    config = true,
    logger = true,
    db = true,
    middleware = true,
    monitor_router = true,
    health_check = true,
    dynamic_upstream = true,
    cluster_control = true,
    probe_mode = true,
    api = true,
}

local function is_ours(name)
    if FACADES[name] then
        return true
    end
    for _, prefix in ipairs(PREFIXES) do
        if name:find("^" .. prefix) then
            return true
        end
    end
    return false
end

--- Forgets every module of the project.
function _M.forget()
    for name in pairs(package.loaded) do
        if is_ours(name) then
            package.loaded[name] = nil
        end
    end
end

--- Forgets every module of the project and loads one of them anew: local db = fresh.require("db").
function _M.require(name)
    _M.forget()
    return require(name)
end

return _M
