-- What Lua has allocated, while nothing is collected.
local M = {}

-- content_by_lua: bytes in use; begins or ends a time in which no garbage is collected.
function M.report()
  local command = ngx.var.arg_collect
  if command == "stop" then
    collectgarbage()
    collectgarbage("stop")
  end
  local bytes = collectgarbage("count") * 1024
  if command == "restart" then
    collectgarbage("restart")
    collectgarbage()
  end
  ngx.say(string.format('{"bytes": %d}', bytes))
end

return M
