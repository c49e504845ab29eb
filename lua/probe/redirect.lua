-- Generated from src-ts/probe/redirect.ts: edit that file, then run npm run build.
-- Where a redirect leads to, and what is asked there (RFC 9110, 15.4; RFC 3986, 5). Pure.
local _M = {}
local ____url = require("lib.url")
local parse_url = ____url.parse_url
local REDIRECTS = {
    [301] = true,
    [302] = true,
    [303] = true,
    [307] = true,
    [308] = true
}
--- What is meant for the first server only, and what tells of a body.
local OF_ORIGIN = {authorization = true, cookie = true, host = true}
local OF_BODY = {["content-type"] = true, ["content-encoding"] = true}
--- What must not stand in a URL as it is.
local UNSAFE = ((("[%s%c" .. string.char(128)) .. "-") .. string.char(255)) .. "]"

function _M.is_redirect(status)
    return REDIRECTS[status] == true
end

--- A path without "." and "..".
local function remove_dots(path)
    local parts = {}
    for part in string.gmatch(path, "/([^/]*)") do
        if part == ".." then
            table.remove(parts)
        elseif part ~= "." then
            table.insert(parts, part)
        end
    end
    local is_folder = string.match(path, "/%.%.?$")
    return ("/" .. table.concat(parts, "/")) .. (is_folder ~= nil and #parts > 0 and "/" or "")
end

--- Scheme and server, the port only where it is not the scheme's own.
local function origin(____bindingPattern0)
    local port
    local host
    local is_https
    is_https = ____bindingPattern0.is_https
    host = ____bindingPattern0.host
    port = ____bindingPattern0.port
    local suffix = port == (is_https and 443 or 80) and "" or ":" .. string.format("%d", port)
    return (((is_https and "https" or "http") .. "://") .. host) .. suffix
end

--- As a relative reference without a scheme or server.
local function join_path(base, text)
    local base_path = string.match(base.path, "^[^?]*")
    local path, query = string.match(text, "^([^?]*)(.*)$")
    if path == nil or path == "" then
        return text == "" and base.path or tostring(base_path) .. text
    end
    local folder = string.match(base_path or "", "^(.*/)")
    return remove_dots(string.sub(path, 1, 1) == "/" and path or (folder or "/") .. path) .. (query or "")
end

--- The text of the URL that a reference stands for, seen from another one; without its fragment.
function _M.join_url(base, reference)
    local plain = string.match(reference, "^%s*([^#]-)%s*%f[#%z]")
    local function encode(byte)
        return string.format(
            "%%%02X",
            string.byte(byte)
        )
    end
    local text = string.gsub(plain or "", UNSAFE, encode)
    local scheme, rest = string.match(text, "^(%a[%w+.-]*):(.*)$")
    if scheme ~= nil then
        return (string.lower(scheme) .. ":") .. tostring(rest)
    end
    if string.sub(text, 1, 2) == "//" then
        return ((base.is_https and "https" or "http") .. ":") .. text
    end
    return origin(base) .. join_path(base, text)
end

local function without(headers, names)
    local left = {}
    for name, value in pairs(headers) do
        if names[string.lower(name)] ~= true then
            left[name] = value
        end
    end
    return left
end

--- As browsers do: only 307 and 308 repeat a POST, and 303 nothing but a HEAD.
local function next_method(method, status)
    local is_get = status == 303 or status <= 302 and method == "POST"
    return is_get and method ~= "HEAD" and "GET" or method
end

--- What follows a redirect; nil and why nothing can.
function _M.follow(step, status, location)
    if location == nil then
        return nil, ("answered " .. tostring(status)) .. " without a Location"
    end
    local text = _M.join_url(step.url, location)
    local url = parse_url(text)
    if url == nil then
        return nil, ((("answered " .. tostring(status)) .. " to ") .. string.sub(text, 1, 80)) .. ", which is no http or https URL"
    end
    local method = next_method(step.method, status)
    local own = origin(url) == origin(step.url) and step.headers or without(step.headers, OF_ORIGIN)
    local is_same = method == step.method
    local headers = is_same and own or without(own, OF_BODY)
    local ____url_1 = url
    local ____method_2 = method
    local ____headers_3 = headers
    local ____is_same_0
    if is_same then
        ____is_same_0 = step.body
    else
        ____is_same_0 = nil
    end
    return {url = ____url_1, method = ____method_2, headers = ____headers_3, body = ____is_same_0}
end
return _M
