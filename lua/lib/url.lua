-- Generated from src-ts/lib/url.ts: edit that file, then run npm run build.
-- URLs of HTTP servers.
local _M = {}
local ____address = require("lib.address")
local parse_address = ____address.parse_address

--- The parts of `http://host`, `https://host:port/path`; nil for anything else, also for one with a user in it.
function _M.parse_url(text)
    local scheme, authority, path = string.match(text, "^(https?)://([^/?#@%s%c]+)([^%s%c#]*)$")
    if scheme == nil then
        return nil
    end
    local is_https = scheme == "https"
    local host, port = parse_address(authority or "", is_https and 443 or 80)
    if host == nil then
        return nil
    end
    local begin = string.match(path or "", "^(.?)")
    return {
        text = text,
        is_https = is_https,
        host = host,
        port = port,
        path = begin == "/" and path or "/" .. (path or "")
    }
end
return _M
