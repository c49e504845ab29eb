-- Generated from src-ts/lib/http_reader.ts: edit that file, then run npm run build.
-- Reads an HTTP answer from a connection: its head, and its body up to a limit.
local _M = {}
local ____http_message = require("lib.http_message")
local NO_BODY = ____http_message.NO_BODY
local add_header_line = ____http_message.add_header_line
local framing_of = ____http_message.framing_of
local parse_chunk_size = ____http_message.parse_chunk_size
local parse_status_line = ____http_message.parse_status_line
local ____socket_reader = require("lib.socket_reader")
local read_line = ____socket_reader.read_line
local read_part = ____socket_reader.read_part
local LONGEST_LINE = 16384
local HEADERS_MAX = 200
--- Answers before the one that counts, as 103 Early Hints.
local INTERIM_MAX = 10

local function read_status(reader)
    local line, err = read_line(reader, LONGEST_LINE)
    if line == nil then
        local is_garbage = reader.buffer ~= "" and err ~= "timeout"
        return nil, is_garbage and "not an HTTP answer" or err
    end
    local status = parse_status_line(line)
    if status == nil then
        return nil, "not an HTTP answer"
    end
    return status
end

local function read_one_head(reader)
    local status, status_err = read_status(reader)
    if status == nil then
        return nil, status_err
    end
    local headers = {}
    do
        local count = 0
        while count <= HEADERS_MAX do
            local line, err = read_line(reader, LONGEST_LINE)
            if line == nil then
                return nil, err
            end
            if line == "" then
                return {status = status, headers = headers}
            end
            add_header_line(headers, line)
            count = count + 1
        end
    end
    return nil, "the head of the answer is too long"
end

--- The head of the final answer.
function _M.read_head(reader)
    do
        local count = 0
        while count <= INTERIM_MAX do
            local head, err = read_one_head(reader)
            if head == nil then
                return nil, err
            end
            if head.status >= 200 or head.status == 101 then
                return head
            end
            count = count + 1
        end
    end
    return nil, "too many interim answers"
end

--- Reads `length` bytes into the sink, or as many as it takes.
local function fill(reader, sink, length)
    local left = length
    while left > 0 and sink.size < sink.most do
        local part, err = read_part(
            reader,
            math.min(left, sink.most - sink.size)
        )
        if part == nil then
            return nil, err
        end
        table.insert(sink.parts, part)
        sink.size = sink.size + #part
        left = left - #part
    end
    return true
end

local function early(err)
    return err == "closed" and "the answer ends early" or err
end

local function fill_by_chunks(reader, sink)
    while sink.size < sink.most do
        local line, line_err = read_line(reader, LONGEST_LINE)
        local ____temp_0
        if line == nil then
            ____temp_0 = nil
        else
            ____temp_0 = parse_chunk_size(line)
        end
        local size = ____temp_0
        if size == nil then
            return nil, line_err == nil and "the answer has a wrong chunk" or early(line_err)
        end
        if size == 0 then
            return true
        end
        local filled, err = fill(reader, sink, size)
        if filled == nil then
            return nil, early(err)
        end
        if sink.size < sink.most then
            local ____end, end_err = read_line(reader, LONGEST_LINE)
            if ____end ~= "" then
                return nil, ____end == nil and early(end_err) or "the answer has a wrong chunk"
            end
        end
    end
    return true
end

local function fill_by(reader, sink, framing)
    if framing == "chunked" then
        return fill_by_chunks(reader, sink)
    end
    if framing ~= "close" then
        local filled, err = fill(reader, sink, framing)
        if filled == nil then
            return nil, early(err)
        end
        return true
    end
    local filled, err = fill(reader, sink, math.huge)
    if filled == nil and err ~= "closed" then
        return nil, err
    end
    return true
end

--- The body of an answer to a request of this method, `most` bytes of it at most.
function _M.read_body(reader, method, head, most)
    local framing, framing_err = framing_of(method, head)
    if framing == nil then
        return nil, framing_err
    end
    if framing == NO_BODY then
        return {text = "", is_cut = false}
    end
    local sink = {parts = {}, size = 0, most = most}
    local filled, err = fill_by(reader, sink, framing)
    if filled == nil then
        return nil, err
    end
    return {
        text = table.concat(sink.parts),
        is_cut = sink.size >= most and framing ~= most
    }
end
return _M
