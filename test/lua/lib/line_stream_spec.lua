local line_stream = require("lib.line_stream")

--- A stream whose socket gives these pieces, one at each read, and then an error.
local function stream_of(pieces, err)
    local at = 0
    local socket = {}
    function socket.settimeout() end
    function socket.receiveany()
        at = at + 1
        if pieces[at] == nil then
            return nil, err or "closed", ""
        end
        return pieces[at]
    end
    return { socket = socket, status = 200, content_type = "", buffer = "" }
end

--- All lines until the first error, and that error.
local function lines_of(stream)
    local lines = {}
    while true do
        local line, err = line_stream.next_line(stream, 1)
        if line == nil then
            return lines, err
        end
        table.insert(lines, line)
    end
end

describe("lib.line_stream", function()
    it("gives whole lines however the bytes come", function()
        local lines, err = lines_of(stream_of({ "a", "b\nc", "d\r\n\ne\nf" }))
        assert.same({ "ab", "cd", "", "e" }, lines)
        assert.equal("closed", err)
    end)

    it("passes on what the socket says", function()
        assert.same({ { "a" }, "timeout" }, { lines_of(stream_of({ "a\n", "b" }, "timeout")) })
    end)

    it("gives up a line that does not end", function()
        local pieces = {}
        for index = 1, 100 do
            pieces[index] = string.rep("x", 1000)
        end
        local stream = stream_of(pieces)
        assert.same({ {}, "the line is too long" }, { lines_of(stream) })
        assert.is_true(#stream.buffer < 10000)
    end)

    it("does not wait longer for a line that comes in drops", function()
        local stream = stream_of({})
        function stream.socket.receiveany()
            ngx.sleep(0.05)
            return "x"
        end
        local line, err = line_stream.next_line(stream, 0.2)
        assert.is_nil(line)
        assert.equal("timeout", err)
    end)

    it("says why it cannot connect", function()
        local stream, err = line_stream.open({ address = "127.0.0.1", port = 1, host = "nobody" }, "/", 1)
        assert.is_nil(stream)
        assert.equal("connection refused", err)
    end)
end)
