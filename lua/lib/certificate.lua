-- Generated from src-ts/lib/certificate.ts: edit that file, then run npm run build.
-- The certificate of the other side of a TLS connection. A cosocket shows no connection of OpenSSL's, but the session that
-- its handshake returns is one of OpenSSL's and has the certificate. Where this nginx knows of no such thing, all answers
-- are nil.
local _M = {}
local ffi = require("ffi")
local ____c_function = require("lib.c_function")
local c_function = ____c_function.c_function
local SECONDS_A_DAY = 86400
local get_peer = c_function("void *%s(const void *session)", "SSL_SESSION_get0_peer")
local get_not_after = c_function("const void *%s(const void *certificate)", "X509_get0_notAfter")
local time_diff = c_function("int %s(int *days, int *seconds, const void *from, const void *to)", "ASN1_TIME_diff")
local check_ip = c_function("int %s(void *certificate, const char *ip, unsigned int flags)", "X509_check_ip_asc")

--- A pointer that is good for as long as the session is.
local function certificate_of(session)
    if get_peer == nil or type(session) ~= "cdata" then
        return nil
    end
    local certificate = get_peer(session)
    local ____temp_0
    if certificate == nil then
        ____temp_0 = nil
    else
        ____temp_0 = certificate
    end
    return ____temp_0
end

--- Days until the certificate ends, with their part of a day, negative when it has; nil when it cannot be read.
function _M.days_left(session)
    local certificate = certificate_of(session)
    if certificate == nil or get_not_after == nil or time_diff == nil then
        return nil
    end
    local days = ffi.new("int[1]")
    local seconds = ffi.new("int[1]")
    if time_diff(
        days,
        seconds,
        nil,
        get_not_after(certificate)
    ) ~= 1 then
        return nil
    end
    return days[0] + seconds[0] / SECONDS_A_DAY
end

--- Whether the certificate is one for this IP address (without brackets); nil when it cannot be read.
function _M.is_for_ip(session, ip)
    local certificate = certificate_of(session)
    if certificate == nil or check_ip == nil then
        return nil
    end
    return check_ip(certificate, ip, 0) == 1
end
return _M
