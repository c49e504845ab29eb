-- Generated from src-ts/lib/endpoint.ts: edit that file, then run npm run build.
-- Something to be reached: `host:port`, or a URL.
local _M = {}
local ____address = require("lib.address")
local parse_address = ____address.parse_address
local ____url = require("lib.url")
local parse_url = ____url.parse_url

--- Nil for what is neither.
function _M.parse_endpoint(text)
    local url = parse_url(text)
    if url ~= nil then
        return {text = text, host = url.host, port = url.port, url = url}
    end
    local host, port = parse_address(text, 0)
    local is_host = host ~= nil and (string.match(host, "^%[?[%w.:_-]+%]?$")) ~= nil
    return is_host and ({text = text, host = host, port = port}) or nil
end
return _M
