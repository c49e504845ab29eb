-- Generated from src-ts/lib/json.ts: edit that file, then run npm run build.
-- JSON with lists that stay lists when they are empty, on OpenResty's cjson and on Debian's alike.
local _M = {}
local cjson = require("cjson.safe")
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

--- Decodes a text: the value, or nil and the reason. JSON null inside becomes ngx.null.
function _M.decode(text)
    local value, err = cjson.decode(text)
    if value == nil then
        return nil, "cannot decode JSON: " .. tostring(err)
    end
    return value
end
return _M
