local is_private = require("lib.private_address").is_private_address

describe("lib.private_address", function()
    local function all(expected, addresses)
        for _, address in ipairs(addresses) do
            assert.equal(expected, is_private(address), address)
        end
    end

    it("knows the ranges of IPv4 to their edges", function()
        all(true, { "10.0.0.0", "10.255.255.255", "127.0.0.1", "127.255.0.1", "169.254.0.1", "172.16.0.0", "172.31.255.255" })
        all(true, { "192.168.0.0", "192.168.255.255" })
        all(false, { "9.255.255.255", "11.0.0.0", "128.0.0.1", "169.253.0.1", "169.255.0.1", "172.15.0.1", "172.32.0.0" })
        all(false, { "192.167.0.1", "192.169.0.1", "100.64.0.1", "0.0.0.0", "255.255.255.255" })
    end)

    it("knows those of IPv6, and IPv4 within", function()
        all(true, { "::1", "fc00::", "fdff:ffff::1", "FD12:3456::1", "fe80::1", "febf::1", "::ffff:127.0.0.1", "::FFFF:10.1.1.1" })
        all(false, { "::", "::2", "2001:db8::1", "fbff::1", "fe00::1", "fec0::1", "::ffff:8.8.8.8", "fc::1" })
    end)

    it("takes nothing for private that is no address", function()
        all(false, { "", "localhost", "10", "10.0.0", "10.0.0.256", "10.0.0.1.2", "10.0.0.1:80", "unix:", "fc00", "fd00::1, 8.8.8.8" })
    end)
end)
