-- Generated from src-ts/lib/secret_file.ts: edit that file, then run npm run build.
-- Secrets that are kept in a file of their own.
local _M = {}

--- What the file holds, without white space at its end; nil and what is wrong with it. An empty one would leave a door open
-- that somebody meant to lock.
function _M.read_secret_file(path)
    local file, err = io.open(path, "r")
    if file == nil then
        return nil, "cannot be read: " .. err
    end
    local text = file:read("*a")
    file:close()
    local secret = string.gsub(text or "", "%s+$", "")
    if secret == "" then
        return nil, "is empty"
    end
    return secret
end
return _M
