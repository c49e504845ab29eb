-- Generated from src-ts/compat/mysql/bytes.ts: edit that file, then run npm run build.
-- Integers and strings of the MySQL wire format, little endian. Positions count from 1; every reader returns the value
-- and the position after it.
local _M = {}
local FROM_2_BYTES = 252
local FROM_3_BYTES = 253
local FROM_8_BYTES = 254
local NULL_MARK = 251

--- Reads an unsigned integer of 1 to 8 bytes; beyond 2^53 it loses precision.
function _M.read_int(data, from, bytes)
    local value = 0
    local scale = 1
    for i = from, from + bytes - 1 do
        value = value + string.byte(data, i) * scale
        scale = scale * 256
    end
    return value, from + bytes
end

--- Writes an unsigned integer of 1 to 4 bytes.
function _M.write_int(value, bytes)
    local text = ""
    for i = 0, bytes - 1 do
        text = text .. string.char(math.floor(value / 256 ^ i) % 256)
    end
    return text
end

--- Reads a length-encoded integer; nil for the NULL mark and at the end of the data.
function _M.read_length(data, from)
    if from > #data then
        return nil, from
    end
    local first = string.byte(data, from)
    if first < NULL_MARK then
        return first, from + 1
    end
    if first == FROM_2_BYTES then
        return _M.read_int(data, from + 1, 2)
    end
    if first == FROM_3_BYTES then
        return _M.read_int(data, from + 1, 3)
    end
    if first == FROM_8_BYTES then
        return _M.read_int(data, from + 1, 8)
    end
    return nil, from + 1
end

--- Reads a length-encoded string; nil for NULL and at the end of the data.
function _M.read_text(data, from)
    local length, start = _M.read_length(data, from)
    if length == nil then
        return nil, start
    end
    return string.sub(data, start, start + length - 1), start + length
end

--- Reads a string that ends with a zero byte, or with the data.
function _M.read_zero_text(data, from)
    local zero = string.find(data, "\0", from, true)
    local last = (zero or #data + 1) - 1
    return string.sub(data, from, last), last + 2
end
return _M
