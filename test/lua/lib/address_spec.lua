local address = require("lib.address")

describe("lib.address", function()
    describe("parse_address", function()
        it("splits host and port, and takes the default port for none", function()
            assert.same({ "db", 3306 }, { address.parse_address("db", 3306) })
            assert.same({ "db", 3307 }, { address.parse_address("db:3307", 3306) })
            assert.same({ "10.0.0.1", 3307 }, { address.parse_address("10.0.0.1:3307", 3306) })
        end)

        it("keeps IPv6 in brackets", function()
            assert.same({ "[::1]", 3306 }, { address.parse_address("[::1]", 3306) })
            assert.same({ "[::1]", 3307 }, { address.parse_address("[::1]:3307", 3306) })
            assert.same({ "[fe80::1]", 3306 }, { address.parse_address("fe80::1", 3306) })
        end)

        it("says what is no address", function()
            local wrong = { "", ":80", "db:", "db:0", "db:65536", "db:x", "[::1]:", "[::1]80", "db:1.5", "db:0x50" }
            for _, text in ipairs(wrong) do
                local host, err = address.parse_address(text, 3306)
                assert.is_nil(host, text)
                assert.equal('"' .. text .. '" is not host:port', err)
            end
        end)
    end)

    describe("ip_literal", function()
        it("gives the form that nginx takes for a peer", function()
            assert.equal("127.0.0.1", address.ip_literal("127.0.0.1"))
            assert.equal("[::1]", address.ip_literal("::1"))
            assert.equal("[::1]", address.ip_literal("[::1]"))
            assert.equal("[::ffff:10.0.0.1]", address.ip_literal("::ffff:10.0.0.1"))
        end)

        it("is nothing for a name", function()
            for _, name in ipairs({ "db", "256.0.0.1", "1.2.3", "1.2.3.4.5", "face", "", "a:b:z" }) do
                assert.is_nil(address.ip_literal(name), name)
            end
        end)
    end)
end)
