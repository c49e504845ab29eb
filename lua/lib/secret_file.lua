-- Generated from src-ts/lib/secret_file.ts: edit that file, then run npm run build.
-- Secrets that are kept in a file of their own.
local _M = {}

--- What the file holds, without white space at its end; nil and why it cannot be read.
function _M.read_secret_file(path)
    local file, err = io.open(path, "r")
    if file == nil then
        return nil, err
    end
    local text = file:read("*a")
    file:close()
    return (string.gsub(text or "", "%s+$", ""))
end
return _M
