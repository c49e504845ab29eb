-- Generated from src-ts/compat/mysql/scramble.ts: edit that file, then run npm run build.
-- What a client sends instead of its password, per authentication plugin.
-- https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_authentication_methods.html
local _M = {}
local ____sha256 = require("compat.mysql.sha256")
local sha256 = ____sha256.sha256
local NONCE_BYTES = 20

local function xor(a, b)
    local bytes = {}
    for i = 1, #a do
        bytes[#bytes + 1] = string.char(bit.bxor(
            string.byte(a, i),
            string.byte(b, i)
        ))
    end
    return table.concat(bytes)
end

local function native(password, nonce)
    local once = ngx.sha1_bin(password)
    return xor(
        once,
        ngx.sha1_bin(nonce .. ngx.sha1_bin(once))
    )
end

local function caching_sha2(password, nonce)
    local once = sha256(password)
    return xor(
        once,
        sha256(sha256(once) .. nonce)
    )
end

--- The proof of the password for a plugin and the server's nonce; nil and the cause for a plugin that is not known.
function _M.scramble(plugin, password, nonce)
    local known = plugin == "mysql_native_password" or plugin == "caching_sha2_password"
    if not known then
        return nil, "unknown plugin: " .. plugin
    end
    if password == "" then
        return ""
    end
    local once = string.sub(nonce, 1, NONCE_BYTES)
    if plugin == "mysql_native_password" then
        return native(password, once)
    end
    return caching_sha2(password, once)
end
return _M
