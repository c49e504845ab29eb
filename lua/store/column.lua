-- Generated from src-ts/store/column.ts: edit that file, then run npm run build.
-- From a column of a result row to a value: SQL NULL becomes nil, numbers that MySQL sends as text become numbers.
local _M = {}

--- The text of a column, or nil for SQL NULL.
function _M.text(value)
    local ____temp_0
    if value == nil or value == ngx.null then
        ____temp_0 = nil
    else
        ____temp_0 = tostring(value)
    end
    return ____temp_0
end

--- The number of a column, or nil for SQL NULL.
function _M.number(value)
    local ____temp_1
    if value == nil or value == ngx.null then
        ____temp_1 = nil
    else
        ____temp_1 = tonumber(value)
    end
    return ____temp_1
end

--- Copies columns of a row into fields of the same names; SQL NULL leaves the field out.
function _M.read_fields(target, row, numbers, texts)
    for ____, name in ipairs(numbers) do
        target[name] = _M.number(row[name])
    end
    for ____, name in ipairs(texts) do
        target[name] = _M.text(row[name])
    end
end
return _M
