local fresh = require("support.fresh")

describe("lib.client", function()
    local client

    --- The module with other trusted proxies.
    local function with_proxies(text)
        client = fresh.require("lib.client")
        local proxies = {}
        for range in text:gmatch("%S+") do
            table.insert(proxies, (assert(require("lib.ip_range").parse_range(range))))
        end
        require("config").access.trusted_proxies = proxies
    end

    it("believes nobody when no proxy is trusted", function()
        with_proxies("")
        assert.equal("10.0.0.1", client.client_address("10.0.0.1", "8.8.8.8"))
        assert.is_false(client.HAS_TRUSTED_PROXIES)
    end)

    it("goes back through the trusted proxies to the first that is none", function()
        with_proxies("10.0.0.0/8 fd00::/8")
        local cases = {
            { "10.0.0.1", nil, "10.0.0.1" },
            { "10.0.0.1", "", "10.0.0.1" },
            { "10.0.0.1", "8.8.8.8", "8.8.8.8" },
            { "10.0.0.1", "1.1.1.1, 8.8.8.8", "8.8.8.8" },
            { "10.0.0.1", "1.1.1.1,8.8.8.8 , 10.0.0.2", "8.8.8.8" },
            { "fd00::1", "2001:db8::1, 10.0.0.9", "2001:db8::1" },
            { "10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3" },
            { "9.9.9.9", "8.8.8.8", "9.9.9.9" },
        }
        for _, case in ipairs(cases) do
            assert.equal(case[3], client.client_address(case[1], case[2]), tostring(case[2]))
        end
    end)

    it("does not believe what stands before something that is no address", function()
        with_proxies("10.0.0.0/8")
        for _, odd in ipairs({ "unknown", "8.8.8.8, unknown", "8.8.8.8, _hidden", "8.8.8.8, 10.0.0.300", "x", ",", "8.8.8.8:80" }) do
            assert.equal("10.0.0.1", client.client_address("10.0.0.1", odd), odd)
        end
    end)
end)
