-- What happens to a worker all of whose connections are taken.
local connections = {}

--- Takes all that are free in this worker, until the function that it returns is called.
function connections.take_all()
    local held = {}
    repeat
        local socket = ngx.socket.udp()
        local connected = socket:setpeername("127.0.0.1", 9)
        held[#held + 1] = socket
    until not connected
    return function()
        for _, socket in ipairs(held) do
            socket:close()
        end
    end
end

return connections
