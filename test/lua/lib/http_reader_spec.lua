local clock = require("lib.clock")
local http_reader = require("lib.http_reader")

--- A reader whose socket gives these pieces, one at each read and never more than asked for, and then an error.
local function reader_of(pieces, err)
    local rest = table.concat(pieces, "\0")
    local socket = {}
    function socket.settimeout() end
    function socket.receiveany(_, most)
        if rest == "" then
            return nil, err or "closed", ""
        end
        local piece = rest:match("^%z?([^%z]+)"):sub(1, most)
        rest = rest:gsub("^%z", ""):sub(#piece + 1)
        return piece
    end
    return { socket = socket, deadline = clock.monotonic() + 5, buffer = "" }
end

--- The pieces of a text, one byte each.
local function bytes_of(text)
    local pieces = {}
    for byte in text:gmatch(".") do
        table.insert(pieces, byte)
    end
    return pieces
end

local function read(pieces, most, method)
    local reader = reader_of(pieces)
    local head, err = http_reader.read_head(reader)
    if head == nil then
        return nil, err
    end
    local body, body_err = http_reader.read_body(reader, method or "GET", head, most or 1000)
    if body == nil then
        return nil, body_err
    end
    return { head.status, body.text, body.is_cut }
end

local CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

describe("lib.http_reader", function()
    it("reads bodies of every framing, however the bytes come", function()
        local answers = {
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloleft over",
            "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello",
            "HTTP/1.1 200 OK\r\n\r\nhello",
            CHUNKED .. "2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nTrailer: x\r\n\r\n",
            "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        }
        for _, answer in ipairs(answers) do
            assert.same({ 200, "hello", false }, read({ answer }))
            assert.same({ 200, "hello", false }, read(bytes_of(answer)))
        end
    end)

    it("stops at the limit, in every framing", function()
        for _, answer in ipairs({
            "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhelloooooo",
            "HTTP/1.1 200 OK\r\n\r\nhelloooooo",
            CHUNKED .. "3\r\nhel\r\n6\r\nlooooo\r\n0\r\n\r\n",
        }) do
            assert.same({ 200, "hello", true }, read({ answer }, 5))
        end
        assert.same({ 200, "hello", false }, read({ "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello" }, 5))
    end)

    it("says what is wrong with an answer", function()
        local wrong = {
            { "", "closed" },
            { "SSH-2.0-OpenSSH_9.2\r\n", "not an HTTP answer" },
            { "garbage without an end", "not an HTTP answer" },
            { "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", "the answer ends early" },
            { "HTTP/1.1 200 OK\r\nContent-Length: nine\r\n\r\nhello", "the answer has a wrong Content-Length" },
            { CHUNKED .. "5\r\nhel", "the answer ends early" },
            { CHUNKED .. "2\r\nhello\r\n0\r\n\r\n", "the answer has a wrong chunk" },
            { CHUNKED .. "z\r\n", "the answer has a wrong chunk" },
            { "HTTP/1.1 200 OK\r\nX: " .. ("x"):rep(20000) .. "\r\n\r\n", "the line is too long" },
            { "HTTP/1.1 200 OK\r\n" .. ("X: x\r\n"):rep(300) .. "\r\n", "the head of the answer is too long" },
            { ("HTTP/1.1 100 Continue\r\n\r\n"):rep(20), "too many interim answers" },
        }
        for _, case in ipairs(wrong) do
            assert.same({ nil, case[2] }, { read({ case[1] }) })
        end
    end)

    it("reads no body where there is none", function()
        assert.same({ 200, "", false }, read({ "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" }, 10, "HEAD"))
        assert.same({ 204, "", false }, read({ "HTTP/1.1 204 No Content\r\n\r\n" }))
    end)

    it("does not wait longer for an answer that comes in drops", function()
        local reader = reader_of({})
        reader.deadline = clock.monotonic() + 0.2
        function reader.socket.receiveany()
            ngx.sleep(0.05)
            return "x"
        end
        assert.same({ nil, "timeout" }, { http_reader.read_head(reader) })
    end)
end)
