local settings = require("lib.settings")

local PORT = { name = "DB_PORT", kind = "integer", default = 3306, min = 1, max = 65535 }
local LEVEL = { name = "LOG_LEVEL", kind = "word", default = "info", words = { "debug", "info" } }

describe("lib.settings", function()
    it("takes the default when nothing is set", function()
        assert.equal(3306, settings.parse(PORT, nil))
        assert.equal(3306, settings.parse(PORT, ""))
    end)

    it("reads whole numbers, with blanks around", function()
        assert.equal(13306, settings.parse(PORT, " 13306 "))
    end)

    for _, text in ipairs({ "abc", "1.5", "0", "65536", "-1", "0x10", "1e3", "99999999999999999999" }) do
        it("refuses " .. text .. " as a port, naming variable, value and range", function()
            local value, problem = settings.parse(PORT, text)
            assert.is_nil(value)
            assert.equal('DB_PORT="' .. text .. '": must be a whole number from 1 to 65535', problem)
        end)
    end

    local texts = {
        hosts = { good = { "db", "db1:3306, db2 [::1]:3306" }, bad = { "db1 db2:port", ":3306", ",", "db:0" } },
        name_servers = { good = { "127.0.0.1", "192.0.2.53:53 [::1]:53", "::1" }, bad = { "dns.example", "127.0.0.1:x" } },
        name = { good = { "eu-west.1" }, bad = { "New York", ("x"):rep(65), "a/b" } },
        line = { good = { "Probe in New York" }, bad = { ("x"):rep(101), "two\nlines" } },
    }
    for kind, cases in pairs(texts) do
        it("takes " .. kind .. " as they are written, and refuses what none are", function()
            local setting = { name = "X", kind = kind, default = "" }
            for _, text in ipairs(cases.good) do
                assert.equal(text, settings.parse(setting, text))
            end
            for _, text in ipairs(cases.bad) do
                local value, problem = settings.parse(setting, text)
                assert.is_nil(value, text)
                assert.truthy(problem:find('X="' .. text .. '": must be ', 1, true), problem)
            end
        end)
    end

    it("refuses an unknown word and lists the known ones", function()
        assert.equal("debug", settings.parse(LEVEL, "debug"))
        local value, problem = settings.parse(LEVEL, "loud")
        assert.is_nil(value)
        assert.equal('LOG_LEVEL="loud": must be one of debug, info', problem)
    end)
end)
