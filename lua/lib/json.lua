-- Generated from src-ts/lib/json.ts: edit that file, then run npm run build.
-- JSON with lists that stay lists when they are empty, on OpenResty's cjson and on Debian's alike.
local _M = {}
local cjson = require("cjson.safe")
--- Deeper is nothing that anybody means; what is read can be written again, within something else too.
local DEPTH_MAX = 100
cjson.decode_max_depth(DEPTH_MAX)
--- Stands for an empty list until encode() puts `[]` in its place; the NUL bytes keep user text from matching it.
local EMPTY_LIST = "\0empty-list\0"
local ENCODED_EMPTY_LIST = "\"\\u0000empty%-list\\u0000\""

--- The list itself, or a marker that encode() writes as `[]` when the list is empty.
function _M.list(items)
    return #items == 0 and EMPTY_LIST or items
end

--- Encodes a value.
--
-- @returns the text; raises when the value cannot be JSON, which is a bug of the caller
function _M.encode(value)
    local text, err = cjson.encode(value)
    if text == nil then
        return error(
            "cannot encode JSON: " .. tostring(err),
            0
        )
    end
    local with_lists = string.gsub(text, ENCODED_EMPTY_LIST, "[]")
    local readable = string.gsub(with_lists, "\\/", "/")
    return readable
end

--- The same with the names in each object in alphabetical order: equal values make equal texts.
function _M.encode_sorted(value)
    if type(value) ~= "table" then
        return _M.encode(value)
    end
    local parts = {}
    local items = value
    if #items > 0 then
        for ____, item in ipairs(items) do
            table.insert(
                parts,
                _M.encode_sorted(item)
            )
        end
        return ("[" .. table.concat(parts, ",")) .. "]"
    end
    local names = {}
    for name in pairs(value) do
        table.insert(names, name)
    end
    table.sort(names)
    for ____, name in ipairs(names) do
        table.insert(
            parts,
            (_M.encode(name) .. ":") .. _M.encode_sorted(value[name])
        )
    end
    return ("{" .. table.concat(parts, ",")) .. "}"
end

--- Decodes a text: the value, or nil and the reason. JSON null inside becomes ngx.null.
function _M.decode(text)
    local value, err = cjson.decode(text)
    if value == nil then
        return nil, "cannot decode JSON: " .. tostring(err)
    end
    return value
end
return _M
