local worker_timer = require("lib.worker_timer")

describe("lib.worker_timer", function()
    it("runs on after a round that raised", function()
        local rounds = 0
        worker_timer.every("failing", 0.05, function()
            rounds = rounds + 1
            if rounds <= 3 then
                error("round " .. rounds)
            end
        end)
        ngx.sleep(0.4)
        assert.is_true(rounds > 3, rounds .. " rounds")
    end)

    it("never runs two rounds at a time", function()
        local running, most = 0, 0
        worker_timer.every("slow", 0.02, function()
            running = running + 1
            most = math.max(most, running)
            ngx.sleep(0.1)
            running = running - 1
        end)
        ngx.sleep(0.4)
        assert.equal(1, most)
    end)
end)
