local fresh = require("support.fresh")

describe("metrics.exposition", function()
    local exposition

    before_each(function()
        exposition = fresh.require("metrics.exposition")
    end)

    local function text_of(family)
        family.name = family.name or "x"
        family.type = family.type or "gauge"
        family.help = family.help or "help"
        return exposition.render({ family })
    end

    local function value(number)
        return text_of({ samples = { { labels = "", value = number } } }):match("\nx (%S+)\n$")
    end

    it("writes help, type and samples, and ends with a line feed", function()
        local samples = { { labels = exposition.labels("a", "1", "b", "2"), value = 3 }, { labels = "", value = 0.5 } }
        assert.equal(
            '# HELP x help\n# TYPE x counter\nx{a="1",b="2"} 3\nx 0.5\n',
            text_of({ type = "counter", samples = samples })
        )
    end)

    it("leaves out a family without a sample", function()
        assert.equal("", text_of({ samples = {} }))
        assert.equal("", exposition.render({}))
    end)

    it("escapes backslash, quote and line feed in a label, and backslash and line feed in a help", function()
        assert.equal([[a="\\ \" \n"]], exposition.labels("a", '\\ " \n'))
        assert.equal([[a="\\\\n{}=,"]], exposition.labels("a", [[\\n{}=,]]))
        local text = text_of({ help = 'a\\b\n"c"', samples = { { labels = "", value = 1 } } })
        assert.equal([[# HELP x a\\b\n"c"]], text:match("^[^\n]+"))
    end)

    it("passes on UTF-8 and marks what is none, and control characters", function()
        assert.equal('a="Knoten \195\164 \240\159\153\130"', exposition.labels("a", "Knoten \195\164 \240\159\153\130"))
        assert.equal('a="ok\u{fffd}x"', exposition.labels("a", "ok\255x"))
        assert.equal('a="\u{fffd}\u{fffd}"', exposition.labels("a", "\195\195"))
        assert.equal('a="a?b?c?"', exposition.labels("a", "a\0b\rc\127"))
    end)

    it("writes numbers that Prometheus reads", function()
        assert.equal("0", value(0))
        assert.equal("1795301173.808", value(1795301173.808))
        assert.equal("123456789012345", value(123456789012345))
        assert.equal("0.1", value(0.1))
        assert.equal("+Inf", value(math.huge))
        assert.equal("-Inf", value(-math.huge))
        assert.equal("NaN", value(0 / 0))
    end)

    it("adds up the buckets of a histogram, the last of which has everything", function()
        local histogram = { bounds = { 0.00001, 1 }, counts = { 2, 3, 4 }, sum = 7.5 }
        assert.equal(
            '# HELP x help\n# TYPE x histogram\nx_bucket{le="1e-05"} 2\nx_bucket{le="1"} 5\nx_bucket{le="+Inf"} 9\n'
                .. "x_sum 7.5\nx_count 9\n",
            text_of({ type = "histogram", samples = {}, histogram = histogram })
        )
    end)
end)
