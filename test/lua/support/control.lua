--- Commands to the process that started the run (control.mjs): control.call("mariadb_restart").
local cjson = require("cjson.safe")

local TIMEOUT_MS = 60000
local _M = {}

--- Returns the value of the command (true for none), or nil and the error.
function _M.call(command, argument)
    local sock = ngx.socket.tcp()
    sock:settimeout(TIMEOUT_MS)
    local ok, err = sock:connect("127.0.0.1", tonumber(os.getenv("TEST_CONTROL_PORT")))
    if not ok then
        return nil, "cannot reach the control server: " .. err
    end
    sock:send(cjson.encode({ command = command, argument = argument or {} }) .. "\n")
    local line, receive_err = sock:receive("*l")
    sock:close()
    local answer = line and cjson.decode(line)
    if not answer then
        return nil, "no answer of the control server: " .. tostring(receive_err)
    end
    if answer.err then
        return nil, answer.err
    end
    if answer.value == ngx.null then
        return true
    end
    return answer.value
end

return _M
