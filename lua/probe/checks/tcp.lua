-- Generated from src-ts/probe/checks/tcp.ts: edit that file, then run npm run build.
-- The check of kind tcp: somebody takes the connection.
local _M = {}
local clock = require("lib.clock")
local ____dns = require("lib.dns")
local resolve_host = ____dns.resolve_host
local ____socket_reader = require("lib.socket_reader")
local milliseconds_left = ____socket_reader.milliseconds_left
local ____finding = require("probe.finding")
local down = ____finding.down
local explain = ____finding.explain
local up = ____finding.up

--- Nil when somebody took the connection until the deadline (clock.monotonic()), else why nobody did.
function _M.why_unreachable(host, port, deadline)
    local address, resolve_err = resolve_host(host)
    if address == nil then
        return resolve_err
    end
    local left = milliseconds_left(deadline)
    local socket, socket_err = ngx.socket.tcp()
    if left == nil or socket == nil then
        return socket_err or "timeout"
    end
    socket:settimeout(left)
    local connected, err = socket:connect(address, port)
    if connected == nil then
        return err or "cannot connect"
    end
    socket:close()
    return nil
end

--- Checks once; never raises for whatever the other side does.
function _M.check(____bindingPattern0, timeout_ms)
    local port
    local host
    host = ____bindingPattern0.host
    port = ____bindingPattern0.port
    local started = clock.monotonic()
    local problem = _M.why_unreachable(host, port, started + timeout_ms / 1000)
    return problem == nil and up(
        "connected",
        clock.monotonic() - started
    ) or down(explain(problem, timeout_ms))
end
return _M
