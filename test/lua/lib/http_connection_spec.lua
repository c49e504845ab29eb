local base = require("resty.core.base")
local ffi = require("ffi")
local http_connection = require("lib.http_connection")

local PEER = { address = "127.0.0.1", port = 443, host = "a", name = "a", tls_name = "a" }

describe("lib.http_connection", function()
    local create = ngx.socket.tcp
    local errmsg = base.get_errmsg_ptr()
    -- Owned here: the pointer does not keep it alive.
    local refused = ffi.new("char[?]", 32, "18: self-signed certificate")

    after_each(function()
        ngx.socket.tcp = create
    end)

    --- What a connection comes to whose handshake is this.
    local function connect(handshake)
        local socket = { sslhandshake = handshake }
        function socket.settimeout() end
        function socket.connect()
            return 1
        end
        function socket.close() end
        ngx.socket.tcp = function()
            return socket
        end
        return http_connection.connect(PEER, 1000)
    end

    it("says why a certificate was refused where the handshake raises", function()
        local connection, err = connect(function()
            errmsg[0] = refused
            error("assertion failed!")
        end)
        assert.is_nil(connection)
        assert.equal("TLS: self-signed certificate", err)
    end)

    it("does not take another error for a refused certificate, whatever an earlier one has left", function()
        errmsg[0] = refused
        assert.has_error(function()
            connect(function()
                error("no request ctx found", 0)
            end)
        end, "no request ctx found")
    end)
end)
