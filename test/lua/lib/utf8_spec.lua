local utf8 = require("lib.utf8")

local REPLACEMENT = "\239\191\189"

describe("lib.utf8", function()
    it("leaves text as it is", function()
        for _, text in ipairs({ "", "plain\0\n\127", "\194\128", "\233\153\128", "\240\159\144\187", "\244\143\191\191" }) do
            assert.equal(text, utf8.to_utf8(text))
            assert.is_true(utf8.is_utf8(text))
        end
    end)

    it("replaces each byte that is no UTF-8, and those alone", function()
        local odd = {
            ["\255"] = REPLACEMENT,
            ["a\195("] = "a" .. REPLACEMENT .. "(",
            ["\192\128"] = REPLACEMENT:rep(2),
            ["\237\160\128"] = REPLACEMENT:rep(3),
            ["\244\144\128\128"] = REPLACEMENT:rep(4),
            ["\233\153"] = REPLACEMENT:rep(2),
            ["\233\153\128\128\n"] = "\233\153\128" .. REPLACEMENT .. "\n",
        }
        for bytes, text in pairs(odd) do
            assert.equal(text, utf8.to_utf8(bytes))
            assert.is_false(utf8.is_utf8(bytes))
        end
    end)

    it("takes a megabyte", function()
        for _, character in ipairs({ "\233\153\128", "a\195\164", "\240\159\144\187" }) do
            local long = character:rep(1048576 / #character)
            assert.is_true(utf8.is_utf8(long))
            assert.is_false(utf8.is_utf8(long .. "\255"))
        end
    end)
end)
