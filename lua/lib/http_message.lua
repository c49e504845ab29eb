-- Generated from src-ts/lib/http_message.ts: edit that file, then run npm run build.
-- Messages of HTTP/1.1 (RFC 9112): pure functions.
local _M = {}
_M.NO_BODY = 0
local STATUS_LINE = "^HTTP/1%.%d (%d%d%d)%f[^%d]"
local HEADER_LINE = "^([%w!#$%%&'*+.^_`|~-]+)[ \t]*:[ \t]*(.-)[ \t]*$"

--- The status of an answer's first line; nil when it is none of HTTP/1.
function _M.parse_status_line(line)
    return tonumber((string.match(line, STATUS_LINE)) or "")
end

--- Adds a header line; one that is none is passed over, as browsers do.
function _M.add_header_line(headers, line)
    local name, value = string.match(line, HEADER_LINE)
    if name ~= nil then
        local key = string.lower(name)
        local known = headers[key]
        local ____headers_1 = headers
        local ____temp_0
        if known == nil then
            ____temp_0 = value
        else
            ____temp_0 = (known .. ", ") .. tostring(value)
        end
        ____headers_1[key] = ____temp_0
    end
end

--- The one length that a Content-Length names, be it several times; nil for anything else.
local function parse_length(text)
    local first = string.match(text, "^%d+")
    if first == nil or #first > 15 then
        return nil
    end
    for part in string.gmatch(text .. ",", "[ \t]*([^,]-)[ \t]*,") do
        if part ~= first then
            return nil
        end
    end
    return tonumber(first)
end

--- How the body of an answer to a request of this method ends (RFC 9112, 6.3).
function _M.framing_of(method, ____bindingPattern0)
    local headers
    local status
    status = ____bindingPattern0.status
    headers = ____bindingPattern0.headers
    if method == "HEAD" or status < 200 or status == 204 or status == 304 then
        return _M.NO_BODY
    end
    local coding = headers["transfer-encoding"]
    if coding ~= nil then
        local last = string.match(
            string.lower(coding),
            "([^,%s]+)$"
        )
        local framing = last == "chunked" and "chunked" or "close"
        return framing
    end
    local text = headers["content-length"]
    if text == nil then
        return "close"
    end
    local length = parse_length(text)
    if length == nil then
        return nil, "the answer has a wrong Content-Length"
    end
    return length
end

--- The size that the first line of a chunk names, 0 for the last one; nil when it names none.
function _M.parse_chunk_size(line)
    local digits = string.match(line, "^[ \t]*(%x+)[ \t]*%f[;%z]")
    local ____temp_2
    if digits == nil or #digits > 12 then
        ____temp_2 = nil
    else
        ____temp_2 = tonumber(digits, 16)
    end
    return ____temp_2
end
--- What a request says of its own end.
local RESERVED = {["content-length"] = true, ["transfer-encoding"] = true, connection = true}

local function add_defaults(lines, host, headers)
    local given = {}
    for name in pairs(headers) do
        given[string.lower(name)] = true
    end
    local defaults = {{"Host", host}, {"User-Agent", "uptime-kuma-cluster"}, {"Accept", "*/*"}, {"Accept-Encoding", "identity"}}
    for ____, ____value in ipairs(defaults) do
        local name = ____value[1]
        local value = ____value[2]
        if given[string.lower(name)] ~= true then
            table.insert(lines, (name .. ": ") .. value)
        end
    end
end

--- A request of HTTP/1.1 after which the connection ends. `headers` win over `host` and over what is said by default; how
-- long the body is and that the connection ends is always said here.
function _M.encode_request(method, path, host, headers, body)
    local lines = {((method .. " ") .. path) .. " HTTP/1.1"}
    add_defaults(lines, host, headers)
    for name, value in pairs(headers) do
        if RESERVED[string.lower(name)] ~= true then
            table.insert(lines, (name .. ": ") .. value)
        end
    end
    if body ~= nil or method == "POST" or method == "PUT" or method == "PATCH" then
        table.insert(
            lines,
            "Content-Length: " .. string.format("%d", #(body or ""))
        )
    end
    table.insert(lines, "Connection: close\r\n\r\n" .. (body or ""))
    return table.concat(lines, "\r\n")
end
return _M
