-- Generated from src-ts/lib/http_client.ts: edit that file, then run npm run build.
-- A GET request over a cosocket: one connection, one short answer. For health checks.
local _M = {}
--- Bytes of an answer that are read; a health answer is a few hundred.
local MAX_ANSWER = 65536

local function read_all(socket)
    local chunks = {}
    local size = 0
    while size < MAX_ANSWER do
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

--- Sends `GET path` to an IP literal and reads the whole answer.
--
-- @param timeout_ms of connect, send and each read
-- @returns status and body, or nil and the cause ("connection refused", "timeout", ...)
function _M.get(address, port, host, path, timeout_ms)
    local socket, socket_err = ngx.socket.tcp()
    if socket == nil then
        return nil, socket_err
    end
    socket:settimeout(timeout_ms)
    local connected, connect_err = socket:connect(address, port)
    if connected == nil then
        return nil, connect_err or "cannot connect"
    end
    local sent, send_err = socket:send(((("GET " .. path) .. " HTTP/1.0\r\nHost: ") .. host) .. "\r\nUser-Agent: uptime-kuma-cluster\r\nConnection: close\r\n\r\n")
    if sent == nil then
        socket:close()
        return nil, send_err or "cannot send"
    end
    local answer, read_err = read_all(socket)
    socket:close()
    if answer == nil then
        return nil, read_err
    end
    return parse(answer)
end
return _M
