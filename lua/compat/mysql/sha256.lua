-- Generated from src-ts/compat/mysql/sha256.ts: edit that file, then run npm run build.
-- SHA-256 from OpenResty's lua-resty-string, or from the OpenSSL that nginx is linked with.
local _M = {}
local ffi = require("ffi")
local DIGEST_BYTES = 32
local has_resty, resty_sha256 = pcall(require, "resty.sha256")
if not has_resty then
    ffi.cdef("unsigned char *SHA256(const unsigned char *data, size_t length, unsigned char *digest);")
end

--- The digest of a string, 32 bytes. Raises when the host has neither library.
function _M.sha256(data)
    local ____has_resty_0
    if has_resty then
        ____has_resty_0 = resty_sha256.new(resty_sha256)
    else
        ____has_resty_0 = nil
    end
    local hash = ____has_resty_0
    if hash ~= nil then
        hash:update(data)
        return hash:final()
    end
    local digest = ffi.C.SHA256
    if digest == nil then
        return error("no SHA-256 on this host", 0)
    end
    return ffi.string(
        digest(data, #data, nil),
        DIGEST_BYTES
    )
end
return _M
