-- Generated from src-ts/compat/mysql/result.ts: edit that file, then run npm run build.
-- Reads the answer to a statement from the connection.
local _M = {}
local ____bytes = require("compat.mysql.bytes")
local read_length = ____bytes.read_length
local ____packet = require("compat.mysql.packet")
local receive = ____packet.receive
local response = require("compat.mysql.response")

local function fail(session, payload)
    session.state = "connected"
    local err, errcode, sqlstate = response.parse_error(payload)
    return nil, err, errcode, sqlstate
end

--- Sets the state after the last payload of a result.
local function finish(session, result, status)
    if response.has_more(status) then
        return result, "again"
    end
    session.state = "connected"
    return result
end

local function read_columns(session, count)
    local columns = {}
    while #columns < count do
        local payload, err = receive(session)
        if payload == nil then
            return nil, err
        end
        columns[#columns + 1] = response.parse_column(payload)
    end
    local ____end, err = receive(session)
    if ____end == nil then
        return nil, err
    end
    if not response.is_end_of_rows(____end) then
        return nil, "unexpected packet while eof packet is expected"
    end
    return columns
end

local function read_rows(session, columns)
    local rows = {}
    do
        while true do
            local payload, err = receive(session)
            if payload == nil then
                return nil, err
            end
            if response.is_end_of_rows(payload) then
                return finish(
                    session,
                    rows,
                    response.parse_end_of_rows(payload)
                )
            end
            if string.byte(payload, 1) == response.ERR then
                return fail(session, payload)
            end
            rows[#rows + 1] = response.parse_row(payload, columns)
        end
    end
end

--- Reads one result: rows, or the counters of a statement without rows. "again" beside it says that another follows. On
-- an error of the server the connection stays usable; without an error number it does not.
function _M.read(session)
    local payload, err = receive(session)
    if payload == nil then
        return nil, err
    end
    local kind = string.byte(payload, 1)
    if kind == response.ERR then
        return fail(session, payload)
    end
    if kind == response.OK then
        local result = response.parse_ok(payload)
        return finish(session, result, result.server_status)
    end
    if kind == response.LOCAL_FILE then
        return nil, "LOAD DATA LOCAL INFILE is not supported"
    end
    local count = read_length(payload, 1)
    local columns, column_err, errcode, sqlstate = read_columns(session, count or 0)
    if columns == nil then
        return nil, column_err, errcode, sqlstate
    end
    return read_rows(session, columns)
end
return _M
