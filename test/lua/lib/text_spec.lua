local text = require("lib.text")

describe("lib.text", function()
    it("escapes what may not stand in a path", function()
        assert.equal("/lb/fixed-node/node1", text.escape_path("/lb/fixed-node/node1"))
        assert.equal("a%3Fb%23c%25d%20e%0D%0A", text.escape_path("a?b#c%d e\r\n"))
        assert.equal("%E9%99%80%00%FF", text.escape_path("\233\153\128\0\255"))
    end)
end)
