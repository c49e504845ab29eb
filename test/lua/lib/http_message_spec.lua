local http_message = require("lib.http_message")

local function framing(method, status, headers)
    return (http_message.framing_of(method, { status = status, headers = headers }))
end

describe("lib.http_message", function()
    it("reads the status of HTTP/1 and of nothing else", function()
        assert.equal(204, http_message.parse_status_line("HTTP/1.1 204 No Content"))
        assert.equal(200, http_message.parse_status_line("HTTP/1.0 200"))
        for _, line in ipairs({ "HTTP/2 200", "HTTP/1.1 20", "HTTP/1.1 2000", "SSH-2.0-OpenSSH", "" }) do
            assert.is_nil(http_message.parse_status_line(line))
        end
    end)

    it("joins the values of a header that comes several times, and passes over what is none", function()
        local headers = {}
        for _, line in ipairs({ "X-A: 1", "x-a:2 ", "no header", "Location:  /a b\t", "Empty:" }) do
            http_message.add_header_line(headers, line)
        end
        assert.same({ ["x-a"] = "1, 2", location = "/a b", empty = "" }, headers)
    end)

    it("knows how the body ends", function()
        assert.equal(0, framing("HEAD", 200, { ["content-length"] = "9" }))
        assert.equal(0, framing("GET", 204, {}))
        assert.equal(0, framing("GET", 304, { ["content-length"] = "9" }))
        assert.equal(9, framing("GET", 200, { ["content-length"] = "9" }))
        assert.equal(9, framing("GET", 200, { ["content-length"] = "9, 9" }))
        assert.equal("close", framing("GET", 200, {}))
        assert.equal("chunked", framing("GET", 200, { ["transfer-encoding"] = "gzip, Chunked", ["content-length"] = "9" }))
        assert.equal("close", framing("GET", 200, { ["transfer-encoding"] = "gzip" }))
        for _, length in ipairs({ "9, 8", "-1", "x", "", "9x", "9999999999999999" }) do
            assert.is_nil(framing("GET", 200, { ["content-length"] = length }))
        end
    end)

    it("reads the sizes of chunks", function()
        assert.equal(26, http_message.parse_chunk_size("1A"))
        assert.equal(0, http_message.parse_chunk_size("0"))
        assert.equal(5, http_message.parse_chunk_size("5;name=value"))
        assert.equal(5, http_message.parse_chunk_size("5 "))
        for _, line in ipairs({ "", "x", "-1", "5x", "fffffffffffff" }) do
            assert.is_nil(http_message.parse_chunk_size(line))
        end
    end)

    it("writes a request in which the caller's headers win, but not over its end", function()
        local text = http_message.encode_request("POST", "/a", "example.com", {
            host = "other",
            ["Content-Length"] = "1",
            ["X-A"] = "1",
        }, "body")
        assert.equal("POST /a HTTP/1.1\r\n", text:match("^.-\r\n"))
        assert.truthy(text:find("\r\nhost: other\r\n", 1, true))
        assert.falsy(text:find("example.com", 1, true))
        assert.truthy(text:find("\r\nContent-Length: 4\r\n", 1, true))
        assert.falsy(text:find("Content-Length: 1", 1, true))
        assert.truthy(text:find("\r\nAccept-Encoding: identity\r\n", 1, true))
        assert.equal("\r\nConnection: close\r\n\r\nbody", text:sub(-27))
    end)
end)
