local resolv_conf = require("lib.resolv_conf")

local function parse(text)
    return resolv_conf.parse_resolv_conf(text)
end

describe("lib.resolv_conf", function()
    it("has defaults for an empty file", function()
        assert.same({ nameservers = {}, search = {}, ndots = 1, timeout = 2, attempts = 2 }, parse(""))
    end)

    it("reads what Docker writes", function()
        local conf = parse("nameserver 127.0.0.11\noptions edns0 trust-ad ndots:0\n# Overrides: []\n")
        assert.same({ "127.0.0.11" }, conf.nameservers)
        assert.equal(0, conf.ndots)
    end)

    it("reads what Kubernetes writes", function()
        local conf = parse([[
search kuma.svc.cluster.local svc.cluster.local cluster.local
nameserver 10.96.0.10
options ndots:5
]])
        assert.same({ "kuma.svc.cluster.local", "svc.cluster.local", "cluster.local" }, conf.search)
        assert.same({ "10.96.0.10" }, conf.nameservers)
        assert.equal(5, conf.ndots)
    end)

    it("takes three servers at most, IPv6 too, without the zone", function()
        local conf = parse([[
nameserver ::1
nameserver fe80::1%eth0
nameserver bad
nameserver 10.0.0.1
nameserver 10.0.0.2
]])
        assert.same({ "[::1]", "[fe80::1]", "10.0.0.1" }, conf.nameservers)
    end)

    it("keeps numbers within what a request can wait for", function()
        local conf = parse("options timeout:300 attempts:0 ndots:99 rotate\n")
        assert.same({ 5, 1, 15 }, { conf.timeout, conf.attempts, conf.ndots })
    end)

    it("passes over comments and what it does not know", function()
        local conf = parse("; a\n#nameserver 1.1.1.1\nsortlist 1.2.3.4\nnameserver 10.0.0.1 # here\ndomain a.test\r\n")
        assert.same({ "10.0.0.1" }, conf.nameservers)
        assert.same({ "a.test" }, conf.search)
    end)
end)
