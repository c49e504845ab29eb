-- Generated from src-ts/compat/mysql/packet.ts: edit that file, then run npm run build.
-- Packets of the MySQL protocol: three bytes of length, one of sequence number, the payload. A payload of 16 MiB - 1
-- or more takes several packets, the last of them shorter than the limit.
local _M = {}
local ____bytes = require("compat.mysql.bytes")
local read_int = ____bytes.read_int
local write_int = ____bytes.write_int
local MAX_CHUNK = 16777215
local HEADER_SIZE = 4

--- Sends a payload. Returns the bytes sent, or nil and the cause.
function _M.send(wire, payload)
    local sent = 0
    local from = 1
    do
        while true do
            local size = math.min(#payload - from + 1, MAX_CHUNK)
            local chunk = size == #payload and payload or string.sub(payload, from, from + size - 1)
            local header = write_int(size, 3) .. string.char(wire.sequence)
            wire.sequence = (wire.sequence + 1) % 256
            local bytes, err = wire.sock:send({header, chunk})
            if bytes == nil then
                return nil, err
            end
            sent = sent + bytes
            from = from + size
            if size < MAX_CHUNK then
                return sent
            end
        end
    end
end

--- The payload of one packet.
local function receive_chunk(wire, received)
    local header, header_err = wire.sock:receive(HEADER_SIZE)
    if header == nil then
        return nil, "failed to receive packet header: " .. tostring(header_err)
    end
    local size = read_int(header, 1, 3)
    wire.sequence = (string.byte(header, HEADER_SIZE) + 1) % 256
    if received + size > wire.max_packet_size then
        return nil, "packet size too big: " .. tostring(received + size)
    end
    if size == 0 then
        return ""
    end
    local chunk, err = wire.sock:receive(size)
    if chunk == nil then
        return nil, "failed to read packet content: " .. tostring(err)
    end
    return chunk
end

--- Receives a payload, put together from its packets; nil and the cause when the connection breaks or it is too big.
function _M.receive(wire)
    local first, err = receive_chunk(wire, 0)
    if first == nil then
        return nil, err
    end
    if #first < MAX_CHUNK then
        if first == "" then
            return nil, "empty packet"
        end
        return first
    end
    local chunks = {first}
    local received = #first
    do
        while true do
            local chunk, chunk_err = receive_chunk(wire, received)
            if chunk == nil then
                return nil, chunk_err
            end
            chunks[#chunks + 1] = chunk
            received = received + #chunk
            if #chunk < MAX_CHUNK then
                return table.concat(chunks)
            end
        end
    end
end
return _M
