-- Generated from src-ts/api/route.ts: edit that file, then run npm run build.
-- What a route is, and how requests find theirs.
local _M = {}
local ____utf8 = require("lib.utf8")
local is_utf8 = ____utf8.is_utf8

--- True for a route that changes something.
function _M.is_change(route)
    return route.method ~= "GET" or route.deprecated == true
end

--- The Lua pattern of a path with a name in braces; nil for one without.
local function pattern_of(path)
    local plain = string.gsub(path, "[%-.]", "%%%0")
    local pattern, names = string.gsub(plain, "{%w+}", "([^/]+)")
    return names > 0 and ("^" .. pattern) .. "$" or nil
end

--- Puts routes in order once, for all requests.
function _M.finder(routes)
    local by_path = {}
    local by_pattern = {}
    for ____, route in ipairs(routes) do
        local pattern = pattern_of(route.path)
        local table_of = pattern == nil and by_path or by_pattern
        local key = pattern or route.path
        local methods = table_of[key] or ({})
        methods[route.method] = route
        table_of[key] = methods
    end
    return function(path)
        local methods = by_path[path]
        if methods ~= nil then
            return methods, ""
        end
        for pattern, found in pairs(by_pattern) do
            local parameter = string.match(path, pattern)
            if parameter ~= nil and is_utf8(parameter) then
                return found, parameter
            end
        end
        return nil, ""
    end
end

--- The route of a method among those of a path: HEAD is what GET is, unless that changes something.
function _M.route_for(methods, method)
    if method ~= "HEAD" then
        return methods[method]
    end
    local ____temp_2
    local ____opt_0 = methods.GET
    if (____opt_0 and ____opt_0.deprecated) == true then
        ____temp_2 = nil
    else
        ____temp_2 = methods.GET
    end
    return ____temp_2
end

--- The methods of a path, as the header Allow lists them.
function _M.allowed_methods(methods)
    local names = {}
    for ____, name in ipairs({
        "GET",
        "HEAD",
        "POST",
        "PUT",
        "DELETE"
    }) do
        if _M.route_for(methods, name) ~= nil then
            table.insert(names, name)
        end
    end
    return table.concat(names, ", ")
end
return _M
