local text = require("lib.text")

describe("lib.text", function()
    it("escapes what may not stand in a path", function()
        assert.equal("/lb/fixed-node/node1", text.escape_path("/lb/fixed-node/node1"))
        assert.equal("a%3Fb%23c%25d%20e%0D%0A", text.escape_path("a?b#c%d e\r\n"))
        assert.equal("%E9%99%80%00%FF", text.escape_path("\233\153\128\0\255"))
    end)

    it("shortens between characters", function()
        assert.equal("short", text.shorten("short", 5))
        for extra = 0, 3 do
            local cut = text.shorten(("x"):rep(190 + extra) .. ("\228\189\160"):rep(20), 200)
            assert.is_true(#cut <= 200)
            assert.truthy(cut:match("^x+" .. "[\228\189\160]*" .. "%.%.%.$"))
            assert.equal(0, #cut:match("^x+(.*)%.%.%.$") % 3)
        end
    end)
end)
