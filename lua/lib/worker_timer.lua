-- Generated from src-ts/lib/worker_timer.ts: edit that file, then run npm run build.
-- Periodic work of a worker. A round that raises is logged and the next one runs; the work ends with its worker.
local _M = {}
local logger = require("logger")

local function run_once(name, work)
    local ok, err = pcall(work)
    if not ok then
        logger.error("TIMER", "%s failed: %s", name, err)
    end
end

--- Runs `work` in the background as soon as possible, outside the request that asks for it. False when timers run out.
function _M.soon(name, work)
    local handle, err = ngx.timer.at(
        0,
        function(premature)
            run_once(
                name,
                function()
                    work(premature)
                end
            )
        end
    )
    if handle == nil then
        logger.error("TIMER", "cannot start %s: %s", name, err)
        return false
    end
    return true
end

--- Runs `work` at once and then every `seconds`, never twice at the same time in this worker. When the worker is about to
-- exit, `at_exit` runs in place of the next round.
function _M.every(name, seconds, work, at_exit)
    local running = false
    local ended = false
    local function round(premature)
        if ended then
            return
        end
        if premature or ngx.worker.exiting() then
            ended = true
            if at_exit ~= nil then
                run_once(name, at_exit)
            end
            return
        end
        if running then
            return
        end
        running = true
        run_once(name, work)
        running = false
    end
    _M.soon(name, round)
    local handle, err = ngx.timer.every(seconds, round)
    if handle == nil then
        logger.error("TIMER", "cannot start %s: %s", name, err)
    end
end
return _M
