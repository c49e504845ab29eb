-- Generated from src-ts/lib/odd_request.ts: edit that file, then run npm run build.
-- Requests at which Node.js hangs up, while nginx takes them: what comes of them is no node's failure.
local _M = {}
--- Those that HTTP itself has, but for CONNECT and TRACE, which nginx refuses.
local METHODS = {
    GET = true,
    HEAD = true,
    POST = true,
    PUT = true,
    PATCH = true,
    DELETE = true,
    OPTIONS = true
}

--- True for a request with a control character in a header or with a method of its own.
function _M.is_odd_request()
    if METHODS[ngx.req.get_method()] == nil then
        return true
    end
    for ____, value in pairs(ngx.req.get_headers(0)) do
        local text = type(value) == "table" and table.concat(value) or tostring(value)
        local found = string.find(text, "[^\t%C]")
        if found ~= nil then
            return true
        end
    end
    return false
end
return _M
