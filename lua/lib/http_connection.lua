-- Generated from src-ts/lib/http_connection.ts: edit that file, then run npm run build.
-- Connections to HTTP servers, with TLS and without.
local _M = {}
local ffi = require("ffi")
local ____resty_2Ecore_2Ebase = require("resty.core.base")
local get_errmsg_ptr = ____resty_2Ecore_2Ebase.get_errmsg_ptr
local ____address = require("lib.address")
local ip_literal = ____address.ip_literal
local node_address = ____address.node_address
local certificate = require("lib.certificate")
local ____dns = require("lib.dns")
local doubt = ____dns.doubt
local resolve_host = ____dns.resolve_host

--- The peer behind a node's host (`name`, `name:port`, `ip:port`, `[ipv6]:port`); nil and why its name has no address.
function _M.find_peer(host)
    local name, port = node_address(host)
    local address, err = resolve_host(name)
    if address == nil then
        return nil, err
    end
    return {address = address, port = port, host = host, name = name}
end

--- The peer behind a URL; nil and why its name has no address.
function _M.peer_of_url(url)
    local ____url_0 = url
    local host = ____url_0.host
    local port = ____url_0.port
    local is_https = ____url_0.is_https
    local address, err = resolve_host(host)
    if address == nil then
        return nil, err
    end
    local is_default = port == (is_https and 443 or 80)
    local header = is_default and host or (host .. ":") .. string.format("%d", port)
    if is_https then
        return {
            address = address,
            port = port,
            host = header,
            name = host,
            tls_name = host
        }
    end
    return {address = address, port = port, host = header, name = host}
end

--- Why a certificate that somebody vouches for is not one for this IP address; nil when it is.
local function wrong_address(session, ip)
    local matches = certificate.is_for_ip(session, ip)
    if matches == nil then
        return "this nginx cannot read the certificate of an IP address"
    end
    local ____matches_1
    if matches then
        ____matches_1 = nil
    else
        ____matches_1 = "certificate host mismatch"
    end
    return ____matches_1
end

--- lua-resty-core raises where a handshake is over at once and the certificate is refused, and keeps why (its issue 499,
-- mended after Debian 12's).
local function start_tls(socket, name, is_verified)
    local session
    local err
    local kept = get_errmsg_ptr()
    kept[0] = nil
    local done, raised = pcall(function()
        session, err = socket:sslhandshake(nil, name, is_verified)
    end)
    if not done then
        local reason = kept[0]
        if reason == nil then
            error(raised, 0)
        end
        return nil, ffi.string(reason)
    end
    return session, err
end

local function handshake(socket, name, is_verified)
    local ip = string.match(
        ip_literal(name) or "",
        "^%[?([^%]]+)%]?$"
    )
    local session, err = start_tls(socket, ip == nil and name or nil, is_verified)
    if session == nil then
        return nil, "TLS: " .. (string.gsub(err or "no session", "^%d+: ", ""))
    end
    local ____temp_2
    if ip == nil or not is_verified then
        ____temp_2 = nil
    else
        ____temp_2 = wrong_address(session, ip)
    end
    local problem = ____temp_2
    if problem ~= nil then
        return nil, "TLS: " .. problem
    end
    return session
end

--- Connects, with TLS where the peer wants it; nil and the cause. `timeout_ms` of each step.
function _M.connect(peer, timeout_ms)
    local socket, socket_err = ngx.socket.tcp()
    if socket == nil then
        return nil, socket_err
    end
    socket:settimeout(timeout_ms)
    local connected, connect_err = socket:connect(peer.address, peer.port)
    if connected == nil then
        doubt(peer.name)
        return nil, connect_err or "cannot connect"
    end
    if peer.tls_name == nil then
        return {socket = socket, tls_session = nil}
    end
    local tls_session, tls_err = handshake(socket, peer.tls_name, peer.is_unverified ~= true)
    if tls_err ~= nil then
        socket:close()
        return nil, tls_err
    end
    return {socket = socket, tls_session = tls_session}
end
return _M
