-- How long it takes to plan where the monitors of a node go that has died.
local plan = require("placement.plan")

local M = {}

-- content_by_lua: seconds for ?monitors= over ?nodes=, with the two intervals that the monitors of the bench have.
function M.report()
  local monitors, targets = {}, {}
  for id = 1, tonumber(ngx.var.arg_monitors) do
    monitors[id] = { id = id, active = true, interval = 20 + 40 * (id % 2) }
  end
  for number = 1, tonumber(ngx.var.arg_nodes) do
    targets[number] = { node_id = "node" .. number, load = 0, count = 0 }
  end
  local started = os.clock()
  local spread = plan.spread(monitors, targets, 1000000)
  ngx.say(string.format('{"seconds": %.6f, "shares": %d}', os.clock() - started, #spread.shares))
end

return M
