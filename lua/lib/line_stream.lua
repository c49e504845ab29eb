-- Generated from src-ts/lib/line_stream.ts: edit that file, then run npm run build.
-- The answer to a GET that goes on for ever, read line by line over a cosocket.
local _M = {}
local clock = require("lib.clock")
local ____http_client = require("lib.http_client")
local send = ____http_client.send
local ____http_reader = require("lib.http_reader")
local read_head = ____http_reader.read_head
local ____socket_reader = require("lib.socket_reader")
local read_line = ____socket_reader.read_line
local LONGEST_LINE = 8192

--- The next line, without its end.
--
-- @param timeout_s for the whole line: one that comes in drops is late as well
-- @returns nil and "timeout", "closed", "the line is too long", ...
function _M.next_line(stream, timeout_s)
    stream.deadline = clock.monotonic() + timeout_s
    return read_line(stream, LONGEST_LINE)
end

--- Closes the connection.
function _M.close(stream)
    stream.socket:close()
end

--- Sends `GET path` and reads the head of the answer.
--
-- @param timeout_s of connecting, of sending, and of the whole head
-- @returns the stream, to be closed by the caller; or nil and the cause ("connection refused", "timeout", ...)
function _M.open(peer, path, timeout_s)
    local socket, send_err = send("GET", peer, path, timeout_s * 1000)
    if socket == nil then
        return nil, send_err
    end
    local reader = {
        socket = socket,
        deadline = clock.monotonic() + timeout_s,
        buffer = ""
    }
    local head, err = read_head(reader)
    if head == nil then
        socket:close()
        return nil, err
    end
    local content_type = string.match(head.headers["content-type"] or "", "^([^;%s]*)")
    return {
        socket = socket,
        deadline = reader.deadline,
        buffer = reader.buffer,
        status = head.status,
        content_type = string.lower(content_type or "")
    }
end
return _M
