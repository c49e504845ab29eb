local json = require("lib.json")

describe("lib.json", function()
    it("writes an empty list as a list, also inside of others", function()
        assert.equal('{"items":[]}', json.encode({ items = json.list({}) }))
        assert.equal("[1,2]", json.encode(json.list({ 1, 2 })))
    end)

    it("writes slashes plainly and reads them back", function()
        for _, text in ipairs({ "/lb/health", "a\\/b", "\\", "//", "\\\\/" }) do
            local encoded = json.encode({ text = text })
            assert.same({ text = text }, (json.decode(encoded)))
        end
        assert.equal('{"text":"/lb/health"}', json.encode({ text = "/lb/health" }))
    end)

    it("says why a text is no JSON", function()
        local value, err = json.decode("{")
        assert.is_nil(value)
        assert.matches("^cannot decode JSON: ", err)
    end)
end)
