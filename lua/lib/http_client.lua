-- Generated from src-ts/lib/http_client.ts: edit that file, then run npm run build.
-- A short request over a cosocket: one connection, one short answer. For what the load balancer asks the nodes.
local _M = {}
local ____address = require("lib.address")
local node_address = ____address.node_address
local clock = require("lib.clock")
local ____dns = require("lib.dns")
local resolve_host = ____dns.resolve_host
--- Bytes of an answer that are read; a health answer is a few hundred.
local MAX_ANSWER = 65536

local function read_all(socket, deadline)
    local chunks = {}
    local size = 0
    while size < MAX_ANSWER do
        local left_ms = math.floor((deadline - clock.now()) * 1000)
        if left_ms <= 0 then
            return nil, "timeout"
        end
        socket:settimeout(left_ms)
        local chunk, err, partial = socket:receiveany(8192)
        local data = chunk or partial
        if data ~= nil then
            table.insert(chunks, data)
            size = size + #data
        end
        if chunk == nil then
            if err == "closed" and size > 0 then
                return table.concat(chunks)
            end
            return nil, err or "closed"
        end
    end
    return nil, "answer is too long"
end

local function parse(answer)
    local status, rest = string.match(answer, "^HTTP/1%.[01] (%d%d%d)(.*)$")
    if status == nil then
        return nil, "not an HTTP answer"
    end
    local ____, body = string.match(rest or "", "^(.-)\r\n\r\n(.*)$")
    return {
        status = tonumber(status) or 0,
        body = body or ""
    }
end

--- The peer behind a node's host (`name`, `name:port`, `ip:port`, `[ipv6]:port`); nil and why its name has no address.
function _M.find_peer(host)
    local name, port = node_address(host)
    local address, err = resolve_host(name)
    if address == nil then
        return nil, err
    end
    return {address = address, port = port, host = host}
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
    local name = (host .. ":") .. string.format("%d", port)
    return is_https and ({address = address, port = port, host = name, tls_name = host}) or ({address = address, port = port, host = name})
end

local function connect(____bindingPattern0, timeout_ms)
    local tls_name
    local port
    local address
    address = ____bindingPattern0.address
    port = ____bindingPattern0.port
    tls_name = ____bindingPattern0.tls_name
    local socket, socket_err = ngx.socket.tcp()
    if socket == nil then
        return nil, socket_err
    end
    socket:settimeout(timeout_ms)
    local connected, connect_err = socket:connect(address, port)
    if connected == nil then
        return nil, connect_err or "cannot connect"
    end
    if tls_name ~= nil then
        local session, tls_err = socket:sslhandshake(nil, tls_name, true)
        if session == nil then
            return nil, "TLS: " .. tostring(tls_err)
        end
    end
    return socket
end

--- Connects and sends a request. HTTP/1.0 without keep-alive: the answer ends with the connection and is
-- never chunked.
--
-- @param timeout_ms of each step
-- @param headers lines with their ends
-- @returns the socket, to be closed by the caller; or nil and the cause ("connection refused", "timeout", ...)
function _M.send(method, peer, path, timeout_ms, headers, body)
    if headers == nil then
        headers = ""
    end
    if body == nil then
        body = ""
    end
    local socket, err = connect(peer, timeout_ms)
    if socket == nil then
        return nil, err
    end
    local length = method == "GET" and "" or ("Content-Length: " .. string.format("%d", #body)) .. "\r\n"
    local sent, send_err = socket:send(((((((((method .. " ") .. path) .. " HTTP/1.0\r\nHost: ") .. peer.host) .. "\r\nUser-Agent: uptime-kuma-cluster\r\n") .. length) .. headers) .. "Connection: close\r\n\r\n") .. body)
    if sent == nil then
        socket:close()
        return nil, send_err or "cannot send"
    end
    return socket
end

--- Sends a request and reads the whole answer.
--
-- @param timeout_ms of connecting, of sending, and from the beginning to the end of the answer
-- @param headers lines with their ends
-- @returns status and body, or nil and the cause ("connection refused", "timeout", ...)
function _M.request(method, peer, path, timeout_ms, headers, body)
    if headers == nil then
        headers = ""
    end
    if body == nil then
        body = ""
    end
    local deadline = clock.now() + timeout_ms / 1000
    local socket, err = _M.send(
        method,
        peer,
        path,
        timeout_ms,
        headers,
        body
    )
    if socket == nil then
        return nil, err
    end
    local answer, read_err = read_all(socket, deadline)
    socket:close()
    if answer == nil then
        return nil, read_err
    end
    return parse(answer)
end
return _M
