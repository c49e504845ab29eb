local sql = require("lib.sql")

describe("lib.sql", function()
    describe("quote", function()
        it("escapes what would end a literal", function()
            assert.equal([['it\'s \\ \" \0 \n \r \Z']], sql.quote("it's \\ \" \0 \n \r \026"))
        end)

        it("writes integers exactly up to 2^53", function()
            assert.equal("9007199254740991", sql.quote(9007199254740991))
            assert.equal("-42", sql.quote(-42))
            assert.equal("0", sql.quote(0))
        end)

        it("writes other numbers with all their digits", function()
            assert.equal("0.10000000000000001", sql.quote(0.1))
            assert.equal("1.0000000000000001e+300", sql.quote(1e300))
        end)

        it("writes booleans as 1 and 0, nil and ngx.null as NULL", function()
            assert.equal("1", sql.quote(true))
            assert.equal("0", sql.quote(false))
            assert.equal("NULL", sql.quote(nil))
            assert.equal("NULL", sql.quote(ngx.null))
        end)

        it("raises for what has no literal", function()
            for _, value in ipairs({ 0 / 0, math.huge, -math.huge }) do
                assert.has_error(function() sql.quote(value) end, "cannot quote " .. tostring(value))
            end
            assert.has_error(function() sql.quote({}) end, "cannot quote a table")
        end)
    end)

    describe("format", function()
        it("puts values in the order of the placeholders", function()
            assert.equal("a = 1 AND b = 'x'", sql.format("a = ? AND b = ?", 1, "x"))
        end)

        it("takes nil at any place", function()
            assert.equal("NULL, 1, NULL", sql.format("?, ?, ?", nil, 1, nil))
        end)

        it("leaves a question mark within quotes alone", function()
            assert.equal([['?' "?" `?` 'it''s ?' 'a\'?' 5]], sql.format([['?' "?" `?` 'it''s ?' 'a\'?' ?]], 5))
        end)

        it("does not read a value for placeholders", function()
            assert.equal("'?', '\\'?'", sql.format("?, ?", "?", "'?"))
        end)

        it("raises when placeholders and values differ in number", function()
            assert.has_error(function() sql.format("? ?", 1) end, "2 placeholders, 1 values: ? ?")
            assert.has_error(function() sql.format("?", 1, nil) end, "1 placeholders, 2 values: ?")
        end)

        it("copes with literals of a megabyte", function()
            local long = "'" .. ("x"):rep(1024 * 1024) .. "'"
            assert.equal(long .. " = 1", sql.format(long .. " = ?", 1))
        end)
    end)
end)
