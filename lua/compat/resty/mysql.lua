-- Generated from src-ts/compat/resty/mysql.ts: edit that file, then run npm run build.
-- MySQL client with the interface of lua-resty-mysql, for hosts whose nginx comes without that library (Debian). Stands
-- last on the package path, so the real library wins where there is one. Different from it: results and statements may
-- exceed 16 MiB; TLS is not there.
local _M = {}
local ____handshake = require("compat.mysql.handshake")
local log_in = ____handshake.log_in
local ____packet = require("compat.mysql.packet")
local send = ____packet.send
local result = require("compat.mysql.result")
local DEFAULT_MAX_PACKET_SIZE = 1024 * 1024
local DEFAULT_PORT = 3306
local COM_QUIT = string.char(1)
local COM_QUERY = string.char(3)
local COLLATIONS = {latin1 = 8, utf8 = 33, utf8mb4 = 45, binary = 63}

local function set_timeout(self, milliseconds)
    self.sock:settimeout(milliseconds)
end

local function pool_name(options)
    local ____options_0 = options
    local user = ____options_0.user
    if user == nil then
        user = ""
    end
    local database = ____options_0.database
    if database == nil then
        database = ""
    end
    local host = ____options_0.host
    local path = ____options_0.path
    local port = ____options_0.port
    if port == nil then
        port = DEFAULT_PORT
    end
    local ____temp_1
    if host == nil then
        ____temp_1 = path
    else
        ____temp_1 = (host .. ":") .. tostring(port)
    end
    local server = ____temp_1
    return (((user .. ":") .. database) .. ":") .. tostring(server)
end

local function open(client, options)
    local ____options_2 = options
    local host = ____options_2.host
    local path = ____options_2.path
    local port = ____options_2.port
    if port == nil then
        port = DEFAULT_PORT
    end
    local pool = ____options_2.pool
    if pool == nil then
        pool = pool_name(options)
    end
    local pool_size = ____options_2.pool_size
    local backlog = ____options_2.backlog
    if host ~= nil then
        return client.sock:connect(host, port, {pool = pool, pool_size = pool_size, backlog = backlog})
    end
    if path ~= nil then
        return client.sock:connect("unix:" .. path, {pool = pool, pool_size = pool_size, backlog = backlog})
    end
    return nil, "neither \"host\" nor \"path\" options are specified"
end

local function authenticate(client, options, collation)
    local ____options_3 = options
    local user = ____options_3.user
    if user == nil then
        user = ""
    end
    local password = ____options_3.password
    if password == nil then
        password = ""
    end
    local database = ____options_3.database
    if database == nil then
        database = ""
    end
    local host = ____options_3.host
    local is_private = host == nil
    local version, err, errcode, sqlstate = log_in(client, {
        user = user,
        password = password,
        database = database,
        collation = collation,
        is_private = is_private
    })
    if version == nil then
        client.sock:close()
        return nil, err, errcode, sqlstate
    end
    client.version = version
    client.state = "connected"
    return 1
end

local function connect(self, options)
    local ____options_4 = options
    local charset = ____options_4.charset
    local ssl = ____options_4.ssl
    local max_packet_size = ____options_4.max_packet_size
    if max_packet_size == nil then
        max_packet_size = DEFAULT_MAX_PACKET_SIZE
    end
    if ssl == true then
        return nil, "ssl is not supported by this client"
    end
    local collation = charset == nil and 0 or COLLATIONS[charset]
    if collation == nil then
        return nil, ("charset '" .. tostring(charset)) .. "' is not supported"
    end
    self.max_packet_size = max_packet_size
    local ok, err = open(self, options)
    if ok == nil then
        return nil, "failed to connect: " .. tostring(err)
    end
    local reused = self.sock:getreusedtimes()
    if reused == nil or reused == 0 then
        return authenticate(self, options, collation)
    end
    self.state = "connected"
    return 1
end

local function send_query(self, sql)
    if self.state ~= "connected" then
        return nil, "cannot send query in the current context: " .. tostring(self.state)
    end
    self.sequence = 0
    local bytes, err = send(self, COM_QUERY .. sql)
    if bytes == nil then
        return nil, err
    end
    self.state = "command_sent"
    return bytes
end

local function read_result(self, _estimated_rows)
    if self.state ~= "command_sent" then
        return nil, "cannot read result in the current context: " .. tostring(self.state)
    end
    return result.read(self)
end

local function query(self, sql, _estimated_rows)
    local bytes, err = send_query(self, sql)
    if bytes == nil then
        return nil, "failed to send query: " .. tostring(err)
    end
    return read_result(self)
end

local function set_keepalive(self, max_idle, pool_size)
    if self.state ~= "connected" then
        return nil, "cannot be reused in the current connection state: " .. tostring(self.state)
    end
    self.state = nil
    return self.sock:setkeepalive(max_idle, pool_size)
end

local function get_reused_times(self)
    return self.sock:getreusedtimes()
end

local function close(self)
    if self.state == "connected" then
        self.sequence = 0
        send(self, COM_QUIT)
    end
    self.state = nil
    return self.sock:close()
end

local function server_ver(self)
    return self.version
end
local methods = {
    set_timeout = set_timeout,
    connect = connect,
    send_query = send_query,
    read_result = read_result,
    query = query,
    set_keepalive = set_keepalive,
    get_reused_times = get_reused_times,
    close = close,
    server_ver = server_ver
}
local metatable = {__index = methods}

--- A client that is not connected yet.
local function create()
    local sock, err = ngx.socket.tcp()
    if sock == nil then
        return nil, err
    end
    return setmetatable({sock = sock, sequence = 0, max_packet_size = DEFAULT_MAX_PACKET_SIZE}, metatable)
end
_M.new = create
return _M
