-- Generated from src-ts/lib/line_stream.ts: edit that file, then run npm run build.
-- The answer to a GET that goes on for ever, read line by line over a cosocket.
local _M = {}
local ____http_client = require("lib.http_client")
local send = ____http_client.send
--- Bytes of a line, and of the head of the answer.
local MAX_LINE = 8192
local MAX_HEAD_LINES = 100
local CHUNK = 4096

--- The whole lines that wait in the buffer make this the next one; nil when there is none.
local function take_line(stream)
    local line, rest = string.match(stream.buffer, "^([^\n]*)\n(.*)$")
    if line == nil then
        return nil
    end
    stream.buffer = rest or ""
    return (string.gsub(line, "\r$", ""))
end

--- The next line, without its end.
--
-- @param timeout_s for the whole line: one that comes in drops is late as well
-- @returns nil and "timeout", "closed", "the line is too long", ...
function _M.next_line(stream, timeout_s)
    local deadline = ngx.now() + timeout_s
    do
        while true do
            local line = take_line(stream)
            if line ~= nil then
                return line
            end
            if #stream.buffer >= MAX_LINE then
                return nil, "the line is too long"
            end
            local left_ms = math.floor((deadline - ngx.now()) * 1000)
            if left_ms <= 0 then
                return nil, "timeout"
            end
            stream.socket:settimeout(left_ms)
            local data, err, partial = stream.socket:receiveany(CHUNK)
            local more = data or partial or ""
            stream.buffer = stream.buffer .. more
            if data == nil and more == "" then
                return nil, err or "closed"
            end
        end
    end
end

local function read_head(stream, timeout_s)
    local first, err = _M.next_line(stream, timeout_s)
    if first == nil then
        return nil, err
    end
    local status = string.match(first, "^HTTP/1%.[01] (%d%d%d)")
    if status == nil then
        return nil, "not an HTTP answer"
    end
    stream.status = tonumber(status) or 0
    do
        local count = 0
        while count < MAX_HEAD_LINES do
            local line, line_err = _M.next_line(stream, timeout_s)
            if line == nil then
                return nil, line_err
            end
            if line == "" then
                return true
            end
            local name, value = string.match(line, "^([%w-]+):%s*([^;%s]*)")
            if name ~= nil and string.lower(name) == "content-type" then
                stream.content_type = string.lower(value or "")
            end
            count = count + 1
        end
    end
    return nil, "the head of the answer is too long"
end

--- Closes the connection.
function _M.close(stream)
    stream.socket:close()
end

--- Sends `GET path` and reads the head of the answer.
--
-- @param timeout_s of each step
-- @returns the stream, to be closed by the caller; or nil and the cause ("connection refused", "timeout", ...)
function _M.open(peer, path, timeout_s)
    local socket, send_err = send("GET", peer, path, timeout_s * 1000)
    if socket == nil then
        return nil, send_err
    end
    local stream = {socket = socket, status = 0, content_type = "", buffer = ""}
    local read, err = read_head(stream, timeout_s)
    if read == nil then
        _M.close(stream)
        return nil, err
    end
    return stream
end
return _M
