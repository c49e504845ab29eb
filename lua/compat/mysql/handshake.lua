-- Generated from src-ts/compat/mysql/handshake.ts: edit that file, then run npm run build.
-- The connection phase: greeting of the server, our answer, and the proof of the password.
-- https://mariadb.com/kb/en/connection/
local _M = {}
local ____bytes = require("compat.mysql.bytes")
local read_zero_text = ____bytes.read_zero_text
local write_int = ____bytes.write_int
local ____packet = require("compat.mysql.packet")
local receive = ____packet.receive
local send = ____packet.send
local ____response = require("compat.mysql.response")
local EOF = ____response.EOF
local ERR = ____response.ERR
local MORE_AUTH_DATA = ____response.MORE_AUTH_DATA
local OK = ____response.OK
local parse_error = ____response.parse_error
local ____scramble = require("compat.mysql.scramble")
local scramble = ____scramble.scramble
local PROTOCOL_VERSION = 10
local CLIENT_FLAGS = 260047 - 128 + 524288
local FAST_AUTH_OK = 3
local FULL_AUTH = 4

local function refused(payload)
    local err, errcode, sqlstate = parse_error(payload)
    return nil, err, errcode, sqlstate
end

local function read_greeting(wire)
    local payload, err = receive(wire)
    if payload == nil then
        return nil, err
    end
    local protocol = string.byte(payload, 1)
    if protocol == ERR then
        return refused(payload)
    end
    if protocol ~= PROTOCOL_VERSION then
        return nil, "unsupported protocol version " .. tostring(protocol)
    end
    local version, thread_id = read_zero_text(payload, 2)
    local nonce = thread_id + 4
    local rest = nonce + 8 + 1 + 2 + 1 + 2 + 2 + 1 + 10
    local plugin = read_zero_text(payload, rest + 13)
    return {
        version = version,
        plugin = plugin == "" and "mysql_native_password" or plugin,
        nonce = string.sub(payload, nonce, nonce + 7) .. string.sub(payload, rest, rest + 11)
    }
end

local function respond(wire, credentials, plugin, proof)
    local payload = ((((((write_int(CLIENT_FLAGS, 4) .. write_int(wire.max_packet_size, 4)) .. string.char(credentials.collation)) .. string.rep("\0", 23)) .. credentials.user .. "\0") .. string.char(#proof)) .. proof) .. ((credentials.database .. "\0") .. plugin) .. "\0"
    local bytes, err = send(wire, payload)
    if bytes == nil then
        return nil, "failed to send client authentication packet: " .. tostring(err)
    end
    return bytes
end

--- Proves the password again for the plugin, and the nonce, that the server prefers for this user.
local function switch_plugin(wire, credentials, payload)
    if #payload == 1 then
        return nil, "the server asks for the password format of MySQL 4.0"
    end
    local plugin, nonce = read_zero_text(payload, 2)
    local proof, err = scramble(
        plugin,
        credentials.password,
        string.sub(payload, nonce)
    )
    if proof == nil then
        return nil, err
    end
    return send(wire, proof == "" and "\0" or proof)
end

--- caching_sha2_password: the server knows the password already, or wants all of it.
local function more_auth_data(wire, credentials, payload)
    local status = string.byte(payload, 2)
    if status == FAST_AUTH_OK then
        return 0
    end
    if status ~= FULL_AUTH then
        return nil, "malformed packet"
    end
    if credentials.is_private then
        return send(wire, credentials.password .. "\0")
    end
    return nil, "caching_sha2_password needs TLS for the first log-in of a user: log in once with another client, " .. "or use mysql_native_password"
end

local function prove(wire, credentials)
    do
        while true do
            local payload, receive_err = receive(wire)
            if payload == nil then
                return nil, receive_err
            end
            local kind = string.byte(payload, 1)
            if kind == OK then
                return true
            end
            if kind == ERR then
                return refused(payload)
            end
            if kind ~= EOF and kind ~= MORE_AUTH_DATA then
                return nil, "bad packet type: " .. tostring(kind)
            end
            local next = kind == EOF and switch_plugin or more_auth_data
            local bytes, err = next(wire, credentials, payload)
            if bytes == nil then
                return nil, err
            end
        end
    end
end

--- Logs in on a new connection. Returns the server's version; or nil, the error, and the number and SQLSTATE when the
-- server refused.
function _M.log_in(wire, credentials)
    local greeting, err, errcode, sqlstate = read_greeting(wire)
    if greeting == nil then
        return nil, err, errcode, sqlstate
    end
    local proof, scramble_err = scramble(greeting.plugin, credentials.password, greeting.nonce)
    if proof == nil then
        return nil, scramble_err
    end
    local sent, send_err = respond(wire, credentials, greeting.plugin, proof)
    if sent == nil then
        return nil, send_err
    end
    local ok, auth_err, auth_code, auth_state = prove(wire, credentials)
    if ok == nil then
        return nil, auth_err, auth_code, auth_state
    end
    return greeting.version
end
return _M
