-- Measures what each phase of a request runs in Lua: the functions that nginx calls, each with a look at the clock before and
-- after. A function that does nothing is measured along with them, for what the looks themselves take.
local clock = require("lib.clock")

local M = {}
local names = { "access_old_names", "access_page", "balance", "finish_page", "log", "nothing" }
-- Seconds above which a call was interrupted: by another process on the core, or by the garbage collector.
local INTERRUPTED = 0.0002
local sums, counts, interrupted = {}, {}, {}

local function reset()
  for _, name in ipairs(names) do
    sums[name], counts[name], interrupted[name] = 0, 0, 0
  end
end

local function measured(name, phase)
  local now = clock.monotonic
  return function()
    local started = now()
    phase()
    local took = now() - started
    if took < INTERRUPTED then
      sums[name] = sums[name] + took
      counts[name] = counts[name] + 1
    else
      interrupted[name] = interrupted[name] + 1
    end
  end
end

-- In place of the functions that nginx calls.
function M.install(middleware, api)
  reset()
  local nothing = measured("nothing", function() end)
  for _, name in ipairs(names) do
    for _, module in ipairs({ middleware, api }) do
      if module[name] then
        module[name] = measured(name, module[name])
      end
    end
  end
  local log = middleware.log
  middleware.log = function()
    nothing()
    log()
  end
end

-- content_by_lua: seconds and calls of each since the last look, and how many calls were interrupted.
function M.report()
  local found = {}
  for _, name in ipairs(names) do
    local text = '"%s": {"seconds": %.9f, "calls": %d, "interrupted": %d}'
    table.insert(found, string.format(text, name, sums[name], counts[name], interrupted[name]))
  end
  reset()
  ngx.say("{" .. table.concat(found, ", ") .. "}")
end

return M
