-- Generated from src-ts/lib/http_client.ts: edit that file, then run npm run build.
-- HTTP over a cosocket, one connection for each request. The one home of asking.
local _M = {}
local clock = require("lib.clock")
local ____http_connection = require("lib.http_connection")
local connect = ____http_connection.connect
local ____http_message = require("lib.http_message")
local encode_request = ____http_message.encode_request
local ____http_reader = require("lib.http_reader")
local read_body = ____http_reader.read_body
local read_head = ____http_reader.read_head
local ____socket_reader = require("lib.socket_reader")
local milliseconds_left = ____socket_reader.milliseconds_left
do
    local ____http_connection = require("lib.http_connection")
    _M.find_peer = ____http_connection.find_peer
    _M.peer_of_url = ____http_connection.peer_of_url
end
--- Bytes of an answer that request() reads; a health answer is a few hundred.
local MAX_ANSWER = 65536

--- Connects and sends a request without a body. HTTP/1.0 without keep-alive: the answer ends with the connection and is
-- never chunked.
--
-- @param timeout_ms of each step
-- @param headers lines with their ends
-- @returns the socket, to be closed by the caller; or nil and the cause ("connection refused", "timeout", ...)
function _M.send(method, peer, path, timeout_ms, headers)
    if headers == nil then
        headers = ""
    end
    local connection, err = connect(peer, timeout_ms)
    if connection == nil then
        return nil, err
    end
    local ____connection_0 = connection
    local socket = ____connection_0.socket
    local length = method == "POST" and "Content-Length: 0\r\n" or ""
    local sent, send_err = socket:send((((((((method .. " ") .. path) .. " HTTP/1.0\r\nHost: ") .. peer.host) .. "\r\nUser-Agent: uptime-kuma-cluster\r\n") .. length) .. headers) .. "Connection: close\r\n\r\n")
    if sent == nil then
        socket:close()
        return nil, send_err or "cannot send"
    end
    return socket
end

--- Reads the answer to a request and closes the connection.
local function receive(____bindingPattern0, method, deadline, limit)
    local tls_session
    local socket
    socket = ____bindingPattern0.socket
    tls_session = ____bindingPattern0.tls_session
    local reader = {socket = socket, deadline = deadline, buffer = ""}
    local head, head_err = read_head(reader)
    if head == nil then
        socket:close()
        return nil, head_err
    end
    local body, body_err = read_body(reader, method, head, limit.longest_body)
    socket:close()
    if body == nil then
        return nil, body_err
    end
    if body.is_cut and limit.may_cut ~= true then
        return nil, "answer is too long"
    end
    local ____head_1 = head
    local status = ____head_1.status
    local headers = ____head_1.headers
    return {
        status = status,
        headers = headers,
        body = body.text,
        is_cut = body.is_cut,
        tls_session = tls_session
    }
end

--- Sends a request without a body and reads the whole answer.
--
-- @param timeout_ms of connecting, of sending, and from the beginning to the end of the answer
-- @param headers lines with their ends
-- @returns status and body, or nil and the cause ("connection refused", "timeout", ...)
function _M.request(method, peer, path, timeout_ms, headers)
    if headers == nil then
        headers = ""
    end
    local deadline = clock.monotonic() + timeout_ms / 1000
    local socket, err = _M.send(
        method,
        peer,
        path,
        timeout_ms,
        headers
    )
    if socket == nil then
        return nil, err
    end
    return receive({socket = socket, tls_session = nil}, method, deadline, {longest_body = MAX_ANSWER})
end

--- Sends a request by HTTP/1.1 and reads the answer; nil and the cause ("connection refused", "timeout", ...).
function _M.exchange(peer, question)
    local ____question_2 = question
    local method = ____question_2.method
    local path = ____question_2.path
    local timeout_ms = ____question_2.timeout_ms
    local deadline = clock.monotonic() + timeout_ms / 1000
    local connection, err = connect(peer, timeout_ms)
    if connection == nil then
        return nil, err
    end
    local ____connection_3 = connection
    local socket = ____connection_3.socket
    socket:settimeout(milliseconds_left(deadline) or 1)
    local sent, send_err = socket:send(encode_request(
        method,
        path,
        peer.host,
        question.headers or ({}),
        question.body
    ))
    if sent == nil and send_err == "timeout" then
        socket:close()
        return nil, "timeout"
    end
    return receive(connection, method, deadline, question)
end
return _M
