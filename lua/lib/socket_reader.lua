-- Generated from src-ts/lib/socket_reader.ts: edit that file, then run npm run build.
-- Reads lines and parts from a cosocket until a deadline.
local _M = {}
local clock = require("lib.clock")
local CHUNK = 16384

--- Milliseconds until a deadline; at least 1, for 0 would mean nginx's own time-out. Nil when it has passed.
function _M.milliseconds_left(deadline)
    local left = math.floor((deadline - clock.monotonic()) * 1000)
    local ____temp_0
    if left < 1 then
        ____temp_0 = nil
    else
        ____temp_0 = left
    end
    return ____temp_0
end

local function receive(reader, most)
    local left = _M.milliseconds_left(reader.deadline)
    if left == nil then
        return nil, "timeout"
    end
    reader.socket:settimeout(left)
    local data, err, partial = reader.socket:receiveany(most)
    local bytes = data or partial or ""
    if bytes == "" then
        return nil, err or "closed"
    end
    return bytes
end

--- The next line without its end; or nil and "timeout", "closed", "the line is too long", ...
function _M.read_line(reader, longest)
    do
        while true do
            local line, rest = string.match(reader.buffer, "^([^\n]*)\n(.*)$")
            if line ~= nil and #line <= longest then
                reader.buffer = rest or ""
                return (string.gsub(line, "\r$", ""))
            end
            if line ~= nil or #reader.buffer > longest then
                return nil, "the line is too long"
            end
            local bytes, err = receive(reader, CHUNK)
            if bytes == nil then
                return nil, err
            end
            reader.buffer = reader.buffer .. bytes
        end
    end
end

--- Some bytes, `most` at most and one at least; or nil and "timeout", "closed", ...
function _M.read_part(reader, most)
    local ____reader_1 = reader
    local buffer = ____reader_1.buffer
    if buffer == "" then
        return receive(
            reader,
            math.min(most, CHUNK)
        )
    end
    reader.buffer = string.sub(buffer, most + 1)
    return string.sub(buffer, 1, most)
end
return _M
