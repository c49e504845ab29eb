-- Generated from src-ts/compat/mysql/response.ts: edit that file, then run npm run build.
-- Answers to a statement in the text protocol: OK, error, end of rows, columns, rows.
-- https://mariadb.com/kb/en/4-server-response-packets/
local _M = {}
local ____bytes = require("compat.mysql.bytes")
local read_int = ____bytes.read_int
local read_length = ____bytes.read_length
local read_text = ____bytes.read_text
--- First byte of a payload that is not a row or a column.
_M.OK = 0
_M.MORE_AUTH_DATA = 1
_M.LOCAL_FILE = 251
_M.EOF = 254
_M.ERR = 255
local MORE_RESULTS = 8
local MAX_EOF_BYTES = 8
local SQLSTATE_BYTES = 5
local COLUMN_TEXTS = {
    "catalog",
    "schema",
    "table",
    "original table",
    "name",
    "original name"
}
local BYTES_BEFORE_TYPE = 7
local NUMERIC = {
    [0] = true,
    [1] = true,
    [2] = true,
    [3] = true,
    [4] = true,
    [5] = true,
    [9] = true,
    [13] = true,
    [246] = true
}

--- A row may begin with the same byte when its first field is longer than 16 MiB; the end of rows is short.
function _M.is_end_of_rows(payload)
    return string.byte(payload, 1) == _M.EOF and #payload <= MAX_EOF_BYTES
end

--- True when the status of an OK or end-of-rows payload announces another result.
function _M.has_more(status)
    return bit.band(status, MORE_RESULTS) ~= 0
end

--- Text, number and SQLSTATE of an error payload, in the order in which resty.mysql returns them.
function _M.parse_error(payload)
    local errcode, next = read_int(payload, 2, 2)
    if string.sub(payload, next, next) ~= "#" then
        return string.sub(payload, next), errcode
    end
    local text = next + 1 + SQLSTATE_BYTES
    return string.sub(payload, text), errcode, string.sub(payload, next + 1, text - 1)
end

--- Counters of an OK payload.
function _M.parse_ok(payload)
    local affected_rows, at_id = read_length(payload, 2)
    local insert_id, at_status = read_length(payload, at_id)
    local server_status, at_warnings = read_int(payload, at_status, 2)
    local warning_count, at_message = read_int(payload, at_warnings, 2)
    local message = read_text(payload, at_message)
    local result = {affected_rows = affected_rows or 0, insert_id = insert_id or 0, server_status = server_status, warning_count = warning_count}
    if message ~= nil then
        result.message = message
    end
    return result
end

--- Status flags of an end-of-rows payload.
function _M.parse_end_of_rows(payload)
    local status = read_int(payload, 4, 2)
    return status
end

--- The column that a definition payload describes.
function _M.parse_column(payload)
    local next = 1
    local name = ""
    local text
    for ____, field in ipairs(COLUMN_TEXTS) do
        text, next = read_text(payload, next)
        if field == "name" then
            name = text or ""
        end
    end
    return {
        name = name,
        type = string.byte(payload, next + BYTES_BEFORE_TYPE)
    }
end

--- A row by column name.
function _M.parse_row(payload, columns)
    local row = {}
    local next = 1
    local text
    for ____, column in ipairs(columns) do
        text, next = read_text(payload, next)
        if text == nil then
            row[column.name] = ngx.null
        elseif NUMERIC[column.type] == true then
            row[column.name] = tonumber(text)
        else
            row[column.name] = text
        end
    end
    return row
end
return _M
