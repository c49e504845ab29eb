-- Generated from src-ts/lib/own_fault.ts: edit that file, then run npm run build.
-- Whether a connection failed for want of one on this side. nginx does not tell: without a free connection a cosocket
-- gives the error of whatever system call failed last, often "connection refused".
local _M = {}
--- Where nobody need listen: a datagram socket gets its peer without a word to the other side.
local DISCARD_PORT = 9

--- Why this worker can open no connection now, whoever is at the other end; nil while it can.
function _M.why_no_connection()
    local socket = ngx.socket.udp()
    local connected = socket:setpeername("127.0.0.1", DISCARD_PORT)
    socket:close()
    return connected == nil and "no connection is free here: worker_connections, or open files" or nil
end
return _M
