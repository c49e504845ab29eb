-- Generated from src-ts/lib/sql.ts: edit that file, then run npm run build.
-- SQL text from values: the one place where a value becomes part of a statement.
local _M = {}
local LARGEST_EXACT_INTEGER = 9007199254740992
local TOKEN = "'(?:[^'\\\\]++|\\\\.|'')*+'|\"(?:[^\"\\\\]++|\\\\.|\"\")*+\"|`[^`]*+`|\\?"

local function quote_number(value)
    if value % 1 == 0 and math.abs(value) <= LARGEST_EXACT_INTEGER then
        return string.format("%d", value)
    end
    if value - value ~= 0 then
        return error(
            "cannot quote " .. tostring(value),
            0
        )
    end
    return string.format("%.17g", value)
end

--- The literal of a value: quoted string, number, 1 or 0 for a boolean, NULL. Raises for anything else.
function _M.quote(value)
    if value == nil or value == ngx.null then
        return "NULL"
    end
    if type(value) == "string" then
        return ngx.quote_sql_str(value)
    end
    if type(value) == "number" then
        return quote_number(value)
    end
    if type(value) == "boolean" then
        return value and "1" or "0"
    end
    return error(
        "cannot quote a " .. type(value),
        0
    )
end

--- The literals of texts as they stand within `IN (...)`.
function _M.quote_list(values)
    local quoted = {}
    for ____, value in ipairs(values) do
        table.insert(
            quoted,
            _M.quote(value)
        )
    end
    return table.concat(quoted, ", ")
end

--- The statement with each `?` replaced by the literal of its value, in order; a `?` within quotes stays as it is. Raises
-- when placeholders and values differ in number.
function _M.format(sql, ...)
    local values = {...}
    local count = select("#", ...)
    local used = 0
    local text, ____, err = ngx.re.gsub(
        sql,
        TOKEN,
        function(captures)
            local token = captures[0]
            if token ~= "?" then
                return token
            end
            used = used + 1
            return _M.quote(values[used])
        end,
        "jos"
    )
    if text == nil then
        return error(
            "cannot format SQL: " .. tostring(err),
            0
        )
    end
    if used ~= count then
        return error(
            (((tostring(used) .. " placeholders, ") .. tostring(count)) .. " values: ") .. sql,
            0
        )
    end
    return text
end
return _M
