local evictions = require("lib.evictions")
local shared_dict = require("lib.shared_dict")

describe("lib.shared_dict", function()
    after_each(function()
        ngx.shared.spec_run:flush_all()
        ngx.shared.spec_run:flush_expired()
        ngx.shared.spec_run:add("started", true)
    end)

    it("counts the writes that drop other keys, whichever way they are made", function()
        local dict = shared_dict.open("spec_run")
        local before = evictions.total("spec_run")
        for index = 1, 600 do
            assert.is_true(shared_dict.set(dict, "key" .. index, ("x"):rep(4000)))
        end
        local after_sets = evictions.total("spec_run")
        assert.is_true(after_sets > before)
        for index = 1, 50 do
            assert.is_true(shared_dict.take(dict, "taken" .. index, ("x"):rep(4000), 10))
        end
        assert.is_true(evictions.total("spec_run") > after_sets)
    end)

    it("refuses a dictionary that is missing", function()
        assert.has_error(function()
            shared_dict.open("no_such_dict")
        end, "lua_shared_dict no_such_dict is missing in the nginx configuration")
    end)
end)
