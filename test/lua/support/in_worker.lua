--- Runs busted inside an nginx worker, where cosockets, timers and shared dicts are real.
local control = require("support.control")

-- busted forgets after each spec file what that file loaded. What declares C types must not be loaded twice.
for _, name in ipairs({ "ffi", "ngx.semaphore", "ngx.balancer", "ngx.re", "resty.lrucache" }) do
    pcall(require, name)
end

local _M = {}

-- busted leaves by error() when a spec failed, provided that a Lua function in a file called it.
local function run_busted(files)
    local helper = "--helper=test/lua/support/progress.lua"
    rawset(_G, "arg", { [0] = "busted", helper, "--output=plainTerminal", unpack(files) })
    require("busted.runner")({ standalone = false })
    return true
end

local function run(premature, files)
    if premature then
        return
    end
    local passed, err = pcall(run_busted, files)
    io.stdout:flush()
    local problem = passed and "" or (err and tostring(err) or "specs failed")
    assert(control.call("finished", { problem = problem }))
end

--- Starts the run in a timer, where sockets may be used. A worker that died of a spec is not given a second try.
function _M.start(files)
    if not ngx.shared.spec_run:add("started", true) then
        ngx.timer.at(0, function()
            control.call("finished", { problem = "the worker of nginx crashed" })
        end)
        return
    end
    assert(ngx.timer.at(0, run, files))
end

return _M
