local fake_dns = require("support.fake_dns")
local fresh = require("support.fresh")

describe("lib.dns", function()
    local dns, clock, config, files, logger
    local offset

    --- Lets time pass for the modules under test.
    local function pass(seconds)
        offset = offset + seconds
    end

    local function resolve_many(host, count)
        local found = {}
        for i = 1, count do
            found[i] = dns.resolve_host(host)
        end
        return found
    end

    local function write(text)
        local path = os.tmpname()
        local file = assert(io.open(path, "w"))
        file:write(text)
        file:close()
        return path
    end

    before_each(function()
        fake_dns.clear()
        dns = fresh.require("lib.dns")
        clock, config = require("lib.clock"), require("config")
        files, logger = require("lib.dns_files"), require("logger")
        offset = 0
        local real = clock.monotonic
        clock.monotonic = function()
            return real() + offset
        end
        files.paths = { hosts = write(""), resolv_conf = write("options timeout:1 attempts:1\n") }
    end)

    after_each(function()
        os.remove(files.paths.hosts)
        os.remove(files.paths.resolv_conf)
    end)

    it("gives IP literals back at once, IPv6 in brackets", function()
        assert.equal("10.1.2.3", dns.resolve_host("10.1.2.3"))
        assert.equal("[::1]", dns.resolve_host("::1"))
        assert.equal("[fd00::5]", dns.resolve_host("[fd00::5]"))
    end)

    it("knows all addresses of a name without taking one in turn", function()
        assert.same({}, dns.cached_addresses("node1.test"))
        assert.same({ "10.1.2.3" }, dns.cached_addresses("10.1.2.3"))
        fake_dns.set("node1.test", "A", { "127.0.0.1", "127.0.0.2" }, 3600)
        local first = dns.resolve_host("node1.test")
        local all = dns.cached_addresses("node1.test")
        assert.equal(2, #all)
        assert.not_equal(first, dns.cached_host("node1.test"))
    end)

    it("does not let names fill the memory for ever", function()
        fake_dns.set("node1.test", "A", { "127.0.0.1" }, 3600)
        dns.resolve_host("node1.test")
        for index = 1, 5100 do
            dns.resolve_host(string.format("10.%d.%d.1", math.floor(index / 250), index % 250))
        end
        dns.resolve_host("node1.test")
        assert.equal(2, fake_dns.count("node1.test", "A"))
    end)

    it("resolves a name and asks once for as long as the TTL says", function()
        fake_dns.set("node1.test", "A", { "127.0.0.1" }, 30)
        assert.equal("127.0.0.1", dns.resolve_host("node1.test"))
        pass(29)
        assert.equal("127.0.0.1", dns.resolve_host("node1.test"))
        assert.equal(1, fake_dns.count("node1.test", "A"))
        assert.equal(0, fake_dns.count("node1.test", "AAAA"))
        fake_dns.set("node1.test", "A", { "127.0.0.2" }, 30)
        pass(2)
        assert.equal("127.0.0.2", dns.resolve_host("node1.test"))
    end)

    it("keeps an answer with TTL 0 for a second, and one of a day for an hour", function()
        fake_dns.set("short.test", "A", { "127.0.0.1" }, 0)
        fake_dns.set("long.test", "A", { "127.0.0.1" }, 86400)
        resolve_many("short.test", 3)
        resolve_many("long.test", 3)
        assert.equal(1, fake_dns.count("short.test", "A"))
        pass(1.1)
        resolve_many("short.test", 2)
        assert.equal(2, fake_dns.count("short.test", "A"))
        pass(3600)
        resolve_many("long.test", 2)
        assert.equal(2, fake_dns.count("long.test", "A"))
    end)

    it("lets several addresses take turns", function()
        fake_dns.set("many.test", "A", { "127.0.0.1", "127.0.0.2", "127.0.0.3" })
        assert.same(
            { "127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.1" },
            resolve_many("many.test", 4)
        )
    end)

    it("takes IPv6 when there is no IPv4, in the form that a socket takes", function()
        fake_dns.set("six.test", "AAAA", { "fd00:0:0:0:0:0:0:5" })
        assert.equal("[fd00:0:0:0:0:0:0:5]", dns.resolve_host("six.test"))
        local sock = ngx.socket.tcp()
        local _, err = sock:connect("[0:0:0:0:0:0:0:1]", 1)
        assert.equal("connection refused", err)
    end)

    it("follows aliases, and the shortest TTL of the chain counts", function()
        fake_dns.set("www.test", "CNAME", { "app.test" }, 10)
        fake_dns.set("app.test", "CNAME", { "node1.test" }, 300)
        fake_dns.set("node1.test", "A", { "127.0.0.1" }, 300)
        assert.equal("127.0.0.1", dns.resolve_host("www.test"))
        pass(11)
        dns.resolve_host("www.test")
        assert.equal(2, fake_dns.count("www.test", "A"))
    end)

    it("follows aliases where the server does not go to the end", function()
        for i = 1, 7 do
            fake_dns.set("alias" .. i .. ".test", "CNAME", { "alias" .. i + 1 .. ".test" })
        end
        fake_dns.set("alias8.test", "A", { "127.0.0.8" })
        assert.equal("127.0.0.8", dns.resolve_host("alias1.test"))
    end)

    it("gives up on aliases in a circle", function()
        fake_dns.set("a.test", "CNAME", { "b.test" })
        fake_dns.set("b.test", "CNAME", { "a.test" })
        local ips, err = dns.resolve_host("a.test")
        assert.is_nil(ips)
        assert.equal("cannot resolve a.test: a.test has more than 8 aliases", err)
    end)

    it("asks over TCP when an answer does not fit", function()
        fake_dns.set("node1.test", "A", { "127.0.0.1" })
        fake_dns.fail("truncate")
        assert.equal("127.0.0.1", dns.resolve_host("node1.test"))
    end)

    describe("an answer that is doubted", function()
        before_each(function()
            fake_dns.set("node1.test", "A", { "127.0.0.1" }, 600)
            assert.equal("127.0.0.1", dns.resolve_host("node1.test"))
            fake_dns.set("node1.test", "A", { "127.0.0.2" }, 600)
        end)

        it("is asked for again, whatever the TTL", function()
            pass(2)
            dns.doubt("node1.test")
            assert.equal("127.0.0.2", dns.resolve_host("node1.test"))
            pass(500)
            assert.equal("127.0.0.2", dns.resolve_host("node1.test"))
            assert.equal(2, fake_dns.count("node1.test", "A"))
        end)

        it("is asked for once a second at most, and is in use until then", function()
            for _ = 1, 5 do
                dns.doubt("node1.test")
                assert.equal("127.0.0.1", dns.resolve_host("node1.test"))
            end
            assert.equal(1, fake_dns.count("node1.test", "A"))
            assert.equal("127.0.0.1", dns.cached_host("node1.test"))
            pass(1.1)
            assert.equal("127.0.0.2", dns.resolve_host("node1.test"))
        end)

        it("stays in use while the name servers fail, and nobody asks them more often for the doubt", function()
            fake_dns.fail("servfail")
            pass(2)
            dns.doubt("node1.test")
            assert.equal("127.0.0.1", dns.resolve_host("node1.test"))
            local asked = fake_dns.count("node1.test", "A")
            for _ = 1, 5 do
                dns.doubt("node1.test")
                assert.equal("127.0.0.1", dns.resolve_host("node1.test"))
            end
            ngx.sleep(0.1)
            assert.equal(asked, fake_dns.count("node1.test", "A"))
        end)

        it("may be of a name that nobody has asked for, or that has no address", function()
            dns.doubt("new.test")
            assert.is_nil((dns.resolve_host("gone.test")))
            pass(1.1)
            dns.doubt("gone.test")
            assert.is_nil((dns.resolve_host("gone.test")))
            assert.equal(1, fake_dns.count("gone.test", "A"))
        end)
    end)

    describe("a name that does not exist", function()
        it("is remembered for two seconds", function()
            for _ = 1, 3 do
                local ip, err = dns.resolve_host("gone.test")
                assert.is_nil(ip)
                assert.equal("cannot resolve gone.test: gone.test does not exist", err)
            end
            assert.equal(1, fake_dns.count("gone.test", "A"))
            fake_dns.set("gone.test", "A", { "127.0.0.1" })
            pass(2.1)
            assert.equal("127.0.0.1", dns.resolve_host("gone.test"))
        end)

        it("has no stale answer, since the servers are sure", function()
            fake_dns.set("node1.test", "A", { "127.0.0.1" }, 1)
            dns.resolve_host("node1.test")
            fake_dns.remove("node1.test")
            pass(2)
            assert.is_nil((dns.resolve_host("node1.test")))
        end)

        it("says so when it exists without an address", function()
            fake_dns.set("text.test", "TXT", {})
            local _, err = dns.resolve_host("text.test")
            assert.equal("cannot resolve text.test: text.test has no address", err)
        end)
    end)

    describe("while the name servers fail", function()
        local warnings

        before_each(function()
            warnings = 0
            logger.warn = function(category)
                assert.equal("DNS", category)
                warnings = warnings + 1
            end
            fake_dns.set("node1.test", "A", { "127.0.0.1" }, 1)
            assert.equal("127.0.0.1", dns.resolve_host("node1.test"))
            pass(5)
        end)

        for _, mode in ipairs({ "servfail", "refused", "drop" }) do
            it("the last answer stays in use (" .. mode .. ")", function()
                fake_dns.fail(mode)
                assert.equal("127.0.0.1", dns.resolve_host("node1.test"))
                assert.equal(1, warnings)
            end)
        end

        it("only the first request waits for them, and the log says so once a minute", function()
            fake_dns.fail("drop")
            dns.resolve_host("node1.test")
            for _ = 1, 5 do
                pass(6)
                local started = ngx.now()
                assert.equal("127.0.0.1", dns.resolve_host("node1.test"))
                ngx.update_time()
                assert.is_true(ngx.now() - started < 0.5)
                ngx.sleep(0.02)
            end
            assert.equal(1, warnings)
            pass(60)
            dns.resolve_host("node1.test")
            ngx.sleep(1.3)
            assert.equal(2, warnings)
        end)

        it("a new answer replaces the old one once they are back", function()
            fake_dns.fail("servfail")
            dns.resolve_host("node1.test")
            fake_dns.fail(nil)
            fake_dns.set("node1.test", "A", { "127.0.0.9" }, 60)
            pass(6)
            assert.equal("127.0.0.1", dns.resolve_host("node1.test"))
            ngx.sleep(0.1)
            assert.equal("127.0.0.9", dns.resolve_host("node1.test"))
        end)

        it("a name that was never resolved is an error with the cause", function()
            fake_dns.fail("servfail")
            local ip, err = dns.resolve_host("new.test")
            assert.is_nil(ip)
            assert.matches("^cannot resolve new.test: name server 127.0.0.1:%d+: server failure$", err)
        end)
    end)

    describe("requests at the same time", function()
        it("share one look-up", function()
            fake_dns.set("node1.test", "A", { "127.0.0.1" })
            local threads = {}
            for i = 1, 50 do
                threads[i] = ngx.thread.spawn(dns.resolve_host, "node1.test")
            end
            for i = 1, 50 do
                local ok, ip = ngx.thread.wait(threads[i])
                assert.is_true(ok)
                assert.equal("127.0.0.1", ip)
            end
            assert.equal(1, fake_dns.count("node1.test", "A"))
        end)

        it("survive the end of the one that looks up", function()
            fake_dns.set("node1.test", "A", { "127.0.0.1" })
            fake_dns.fail("drop")
            local owner = ngx.thread.spawn(dns.resolve_host, "node1.test")
            ngx.thread.kill(owner)
            fake_dns.fail(nil)
            pass(11)
            assert.equal("127.0.0.1", dns.resolve_host("node1.test"))
        end)
    end)

    describe("several name servers", function()
        it("are asked in order until one answers", function()
            local works = config.dns.resolvers[1]
            config.dns.resolvers = { "127.0.0.1:1", "127.0.0.2:1", works }
            fake_dns.set("node1.test", "A", { "127.0.0.1" })
            assert.equal("127.0.0.1", dns.resolve_host("node1.test"))
        end)
    end)

    describe("resolv.conf", function()
        local function use(text)
            os.remove(files.paths.resolv_conf)
            files.paths.resolv_conf = write(text)
        end

        it("names the domains for a short name", function()
            use("search first.test second.test\noptions attempts:1\n")
            fake_dns.set("node1.second.test", "A", { "127.0.0.2" })
            assert.equal("127.0.0.2", dns.resolve_host("node1"))
            assert.equal(1, fake_dns.count("node1.first.test", "A"))
            assert.equal(0, fake_dns.count("node1", "A"))
        end)

        it("puts a name with enough dots first as it is", function()
            use("search first.test\noptions ndots:1\n")
            fake_dns.set("node1.kuma", "A", { "127.0.0.2" })
            assert.equal("127.0.0.2", dns.resolve_host("node1.kuma"))
            assert.equal(0, fake_dns.count("node1.kuma.first.test", "A"))
        end)

        it("searches first for a name with few dots, as Kubernetes wants", function()
            use("search kuma.svc.cluster.test svc.cluster.test\noptions ndots:5\n")
            fake_dns.set("node1.nodes.kuma.svc.cluster.test", "A", { "127.0.0.3" })
            assert.equal("127.0.0.3", dns.resolve_host("node1.nodes"))
        end)

        it("does not search for a name that ends with a dot", function()
            use("search first.test\n")
            fake_dns.set("node1", "A", { "127.0.0.1" })
            fake_dns.set("node1.first.test", "A", { "127.0.0.2" })
            assert.equal("127.0.0.1", dns.resolve_host("node1."))
        end)

        it("is read again after some seconds", function()
            use("search first.test\n")
            fake_dns.set("node1.second.test", "A", { "127.0.0.2" })
            assert.is_nil((dns.resolve_host("node1")))
            use("search second.test\n")
            pass(6)
            assert.equal("127.0.0.2", dns.resolve_host("node1"))
        end)

        it("counts only where the settings name no server", function()
            config.dns.resolvers = {}
            use("nameserver 127.0.0.1\noptions attempts:1 timeout:1\n")
            assert.same({ { "127.0.0.1", 53 } }, files.nameservers())
        end)
    end)

    describe("/etc/hosts", function()
        local function use(text)
            os.remove(files.paths.hosts)
            files.paths.hosts = write(text)
        end

        it("comes before the name servers, whatever the case", function()
            use("127.0.0.7 Node7 node7.local # comment node8\n")
            assert.equal("127.0.0.7", dns.resolve_host("node7"))
            assert.equal("127.0.0.7", dns.resolve_host("NODE7.local"))
            assert.equal(0, fake_dns.count("node7", "A"))
            assert.is_nil((dns.resolve_host("node8")))
        end)

        it("prefers IPv4, and serves IPv6 where there is no other", function()
            use("::1 both six\n127.0.0.1 both\n")
            assert.equal("127.0.0.1", dns.resolve_host("both"))
            assert.equal("[::1]", dns.resolve_host("six"))
        end)

        it("is read again after some seconds", function()
            use("127.0.0.7 node7\n")
            assert.equal("127.0.0.7", dns.resolve_host("node7"))
            use("127.0.0.8 node7\n")
            pass(6)
            assert.equal("127.0.0.8", dns.resolve_host("node7"))
        end)
    end)

    describe("cached_host", function()
        it("gives what was resolved before, however old, and IP literals", function()
            fake_dns.set("node1.test", "A", { "127.0.0.1" }, 1)
            assert.is_nil(dns.cached_host("node1.test"))
            dns.resolve_host("node1.test")
            pass(100)
            assert.equal("127.0.0.1", dns.cached_host("node1.test"))
            assert.equal("[::1]", dns.cached_host("::1"))
            assert.equal(1, fake_dns.count("node1.test", "A"))
        end)
    end)
end)
