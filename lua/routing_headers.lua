-- Generated from src-ts/routing_headers.ts: edit that file, then run npm run build.
-- What an answer says of where its request went.
local _M = {}
local monitor_router = require("monitor_router")

local function add_cookie(cookie)
    local present = ngx.header["Set-Cookie"]
    local cookies = {}
    for ____, one in ipairs(type(present) == "table" and present or ({present})) do
        if one == cookie then
            return
        end
        table.insert(cookies, one)
    end
    table.insert(cookies, cookie)
    ngx.header["Set-Cookie"] = cookies
end

--- By way of nginx variables: a header filter in Lua would cost more than all the choosing.
function _M.set_headers(route)
    ngx.var.routed_to = route.peer.routed_to
    if route.via ~= "load-balancer" then
        ngx.var.routed_via = route.via
    end
    if route.clear_cookie then
        add_cookie(monitor_router.CLEARED_FIXED_NODE)
    end
end

--- For an answer of the load balancer itself to a request that a node had been chosen for: takes the headers back. Only
-- where nginx.conf has the variables.
function _M.forget_routing_headers()
    if ngx.var.routed_to ~= nil then
        ngx.var.routed_to = ""
        ngx.var.routed_via = ""
    end
end

--- header_filter_by_lua of an nginx.conf without those variables: says in the headers where the request went.
function _M.add_routing_headers()
    local route = monitor_router.get_route()
    if route == nil then
        return
    end
    local header = ngx.header
    header["X-Routed-Via"] = route.via
    header["X-Routed-To"] = route.peer.routed_to
    if route.clear_cookie then
        add_cookie(monitor_router.CLEARED_FIXED_NODE)
    end
end
return _M
