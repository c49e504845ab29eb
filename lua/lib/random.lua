-- Generated from src-ts/lib/random.ts: edit that file, then run npm run build.
-- Names that nobody can guess, and that no two processes choose.
local _M = {}
local ____text = require("lib.text")
local hex = ____text.hex
local SOURCE = "/dev/urandom"
local BYTES = 16

--- 32 hexadecimal digits from the system's own source.
function _M.random_token()
    local file, err = io.open(SOURCE, "rb")
    if file == nil then
        return error((("cannot read " .. SOURCE) .. ": ") .. err, 0)
    end
    local bytes = file:read(BYTES)
    file:close()
    return hex(bytes or "")
end
return _M
