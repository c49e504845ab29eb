-- Generated from src-ts/api/route.ts: edit that file, then run npm run build.
-- What a route is, and how requests find theirs.
local _M = {}
local ____utf8 = require("lib.utf8")
local is_utf8 = ____utf8.is_utf8

--- True for a route that changes something.
function _M.is_change(route)
    return route.method ~= "GET" or route.deprecated == true
end
--- The first part of a path, the second and, with its slash, what follows.
local PARTS = "^([^/]+)/([^/]+)(.*)$"

--- Puts routes in order once, for all requests; a name in braces is the second part of its path. Requests for nodes come
-- through here as well, so nothing is searched through.
function _M.finder(routes)
    local by_path = {}
    --- By the first part, then by what follows the name in braces.
    local by_parts = {}
    for ____, route in ipairs(routes) do
        local first, name, rest = string.match(route.path, PARTS)
        local has_name = name ~= nil and string.sub(name, 1, 1) == "{"
        local ____has_name_3
        if has_name then
            local ____by_parts_0, ____first_1 = by_parts, first
            if ____by_parts_0[____first_1] == nil then
                ____by_parts_0[____first_1] = {}
            end
            ____has_name_3 = by_parts[first]
        else
            ____has_name_3 = by_path
        end
        local table_of = ____has_name_3
        local key = has_name and rest or route.path
        local methods = table_of[key] or ({})
        methods[route.method] = route
        table_of[key] = methods
    end
    return function(path)
        local methods = by_path[path]
        if methods ~= nil then
            return methods, ""
        end
        local first, parameter, rest = string.match(path, PARTS)
        local ____temp_6
        if first == nil then
            ____temp_6 = nil
        else
            local ____opt_4 = by_parts[first]
            ____temp_6 = ____opt_4 and ____opt_4[rest]
        end
        local found = ____temp_6
        if found ~= nil and is_utf8(parameter) then
            return found, parameter
        end
        return nil, ""
    end
end

--- The route of a method among those of a path: HEAD is what GET is, unless that changes something.
function _M.route_for(methods, method)
    if method ~= "HEAD" then
        return methods[method]
    end
    local ____temp_9
    local ____opt_7 = methods.GET
    if (____opt_7 and ____opt_7.deprecated) == true then
        ____temp_9 = nil
    else
        ____temp_9 = methods.GET
    end
    return ____temp_9
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
