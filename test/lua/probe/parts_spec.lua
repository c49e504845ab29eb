local parse_url = require("lib.url").parse_url
local read_assignments = require("probe.read_assignments").read_assignments
local redirect = require("probe.redirect")
local status_ranges = require("probe.status_ranges")

describe("probe.status_ranges", function()
    it("knows statuses and ranges", function()
        for status, wanted in pairs({ [200] = true, [250] = true, [299] = true, [300] = false, [304] = true, [305] = false }) do
            assert.equal(wanted, status_ranges.is_expected(status, "200-299, 304"))
        end
        assert.is_true(status_ranges.is_expected(503, "200 - 299,500-599"))
        assert.is_false(status_ranges.is_expected(200, "404"))
    end)
end)

describe("probe.redirect", function()
    it("joins references to URLs", function()
        local base = assert(parse_url("https://example.com:8443/a/b/c?q=1"))
        local wanted = {
            ["http://other.test/x"] = "http://other.test/x",
            ["HTTP://other.test/x"] = "http://other.test/x",
            ["//other.test/x"] = "https://other.test/x",
            ["/x?y#z"] = "https://example.com:8443/x?y",
            ["x"] = "https://example.com:8443/a/b/x",
            ["./x"] = "https://example.com:8443/a/b/x",
            ["../x"] = "https://example.com:8443/a/x",
            ["../../../x"] = "https://example.com:8443/x",
            ["../"] = "https://example.com:8443/a/",
            [".."] = "https://example.com:8443/a/",
            ["?r=2"] = "https://example.com:8443/a/b/c?r=2",
            ["#top"] = "https://example.com:8443/a/b/c?q=1",
            [""] = "https://example.com:8443/a/b/c?q=1",
            ["/a b\195\164"] = "https://example.com:8443/a%20b%C3%A4",
            ["/x/../../y/./z"] = "https://example.com:8443/y/z",
        }
        for reference, url in pairs(wanted) do
            assert.equal(url, redirect.join_url(base, reference), reference)
        end
    end)

    local function step(method, url)
        local headers = { Authorization = "x", Cookie = "x", ["Content-Type"] = "x", ["X-A"] = "1" }
        return { url = assert(parse_url(url or "http://a.test/")), method = method, headers = headers, body = "body" }
    end

    it("repeats a POST for 307 and 308 only", function()
        local wanted = { [301] = "GET", [302] = "GET", [303] = "GET", [307] = "POST", [308] = "POST" }
        for status, method in pairs(wanted) do
            local next_step = assert(redirect.follow(step("POST"), status, "/x"))
            assert.equal(method, next_step.method)
            assert.equal(method == "POST" and "body" or nil, next_step.body)
            assert.equal(method == "POST" and "x" or nil, next_step.headers["Content-Type"])
        end
        assert.equal("HEAD", redirect.follow(step("HEAD"), 303, "/x").method)
        assert.equal("PUT", redirect.follow(step("PUT"), 302, "/x").method)
    end)

    it("takes what was meant for one server to no other", function()
        assert.equal("x", redirect.follow(step("GET"), 302, "http://a.test:80/x").headers.Authorization)
        for _, location in ipairs({ "http://b.test/", "https://a.test/", "http://a.test:81/" }) do
            local headers = redirect.follow(step("GET"), 302, location).headers
            assert.same({ nil, nil, "1" }, { headers.Authorization, headers.Cookie, headers["X-A"] })
        end
    end)

    it("follows to http and https only", function()
        local _, err = redirect.follow(step("GET"), 302, "ftp://a.test/x")
        assert.equal("answered 302 to ftp://a.test/x, which is no http or https URL", err)
        _, err = redirect.follow(step("GET"), 301, nil)
        assert.equal("answered 301 without a Location", err)
    end)
end)

describe("probe.read_assignments", function()
    local GOOD = { id = 1, kind = "tcp", target = { host = "a.test", port = 80 }, interval = 30, timeout_ms = 1000 }

    local function with(changes)
        local check = {}
        for name, value in pairs(GOOD) do
            check[name] = value
        end
        for name, value in pairs(changes) do
            check[name] = value
        end
        return check
    end

    it("takes the good ones and says what is wrong with each of the others", function()
        local wrong = {
            { { id = "1" }, "id must be a whole number" },
            { { kind = "icmp" }, "check 2: kind must be http, tcp or dns" },
            { { interval = 0 }, "check 2: interval must be" },
            { { timeout_ms = 1.5 }, "check 2: timeout_ms must be" },
            { { target = ngx.null }, "check 2: target must be an object" },
            { { target = { host = "a b", port = 1 } }, "check 2: target.host must be" },
            { { target = { host = "a", port = 70000 } }, "check 2: target.port must be" },
            { { kind = "http", target = { url = "ftp://a" } }, "check 2: target.url must be" },
            { { kind = "http", target = { url = "http://a", headers = { a = "b\r\nc" } } }, "check 2: target.headers" },
            { { kind = "http", target = { url = "http://a", expected_status = "200-" } }, "check 2: target.expected_status" },
            { { kind = "dns", target = { name = "a", server = "name" } }, "check 2: target.server must be" },
        }
        for _, case in ipairs(wrong) do
            local change = case[1]
            change.id = change.id or 2
            local read = read_assignments({ checks = { with(change), GOOD, ngx.null, 7 } })
            assert.equal(1, #read.checks)
            assert.same(GOOD, read.checks[1])
            assert.equal(3, #read.problems)
            assert.equal(case[2], read.problems[1]:sub(1, #case[2]))
        end
    end)

    it("takes nothing but a list", function()
        for _, body in ipairs({ 1, "x", ngx.null, {}, { checks = "x" }, { checks = ngx.null } }) do
            assert.is_nil(read_assignments(body))
        end
        assert.same({ checks = {}, problems = {} }, read_assignments({ checks = {} }))
    end)

    it("takes a check that is there twice once", function()
        assert.equal(1, #read_assignments({ checks = { GOOD, GOOD } }).checks)
    end)
end)
