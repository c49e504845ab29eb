local ip_range = require("lib.ip_range")
local is_private = ip_range.is_private_address

describe("lib.ip_range", function()
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

    it("reads ranges with a prefix, and an address as a range of one", function()
        local ranges = {}
        for _, text in ipairs({ "192.0.2.0/28", "203.0.113.7", "2001:db8:1::/47", "0.0.0.0/32" }) do
            table.insert(ranges, (assert(ip_range.parse_range(text), text)))
        end
        for _, address in ipairs({ "192.0.2.15", "203.0.113.7", "2001:db8:1:ffff::1", "2001:db8::1", "::ffff:192.0.2.1", "0.0.0.0" }) do
            assert.is_true(ip_range.is_in_ranges(address, ranges), address)
        end
        for _, address in ipairs({ "192.0.2.16", "203.0.113.8", "2001:db8:2::1", "0.0.0.1", "::", "x" }) do
            assert.is_false(ip_range.is_in_ranges(address, ranges), address)
        end
        assert.is_true(ip_range.is_in_ranges("8.8.8.8", { ip_range.parse_range("0.0.0.0/0") }))
    end)

    it("refuses what is no range", function()
        for _, text in ipairs({ "", "10", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "::/129", "1:2:3/8", "::1::", "g::", "1:2:3:4:5:6:7:8:9", "example.com" }) do
            assert.is_nil(ip_range.parse_range(text), text)
        end
    end)
end)
