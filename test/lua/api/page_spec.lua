local fresh = require("support.fresh")

describe("api.page", function()
    local page

    before_each(function()
        page = fresh.require("api.page")
    end)

    it("chooses the language that the client likes better", function()
        for header, wanted in pairs({
            [""] = "en",
            ["de"] = "en",
            ["zh-TW"] = "zh",
            ["zh-Hant-TW,zh;q=0.9,en;q=0.8"] = "zh",
            ["en-US,en;q=0.9,zh-TW;q=0.8"] = "en",
            ["en;q=0.3, zh;q=0.7"] = "zh",
            ["*"] = "en",
            [";q=;;,q=x,*;q=1,zh;q=nan"] = "zh",
            ["zh;q=0"] = "en",
        }) do
            assert.equal(wanted, page.choose_language(header), header)
        end
        assert.equal("en", page.choose_language(nil))
    end)

    it("writes values as text, whatever they are", function()
        assert.equal("&lt;b&gt;&quot;&amp;&#39;", page.escape_html("<b>\"&'"))
    end)
end)
