-- Samples of the stacks of Lua in a worker, in the form that flame graphs are made from: "outer;inner 12".
local profile = require("jit.profile")

local M = {}
local MILLISECONDS = 1
local DEPTH = 50
local STATES = { N = "compiled", I = "interpreted", C = "C", G = "garbage collector", J = "compiler" }
local stacks = {}

local function sample(thread, samples, state)
  -- Outside of Lua the stack is that of whatever ran last.
  if state ~= "C" then
    local stack = profile.dumpstack(thread, "FZ;", -DEPTH) .. ";" .. (STATES[state] or state)
    stacks[stack] = (stacks[stack] or 0) + samples
  end
end

-- content_by_lua: begins with ?stacks=start, ends with any other and says what was found.
function M.report()
  if ngx.var.arg_stacks == "start" then
    stacks = {}
    profile.start("fi" .. MILLISECONDS, sample)
    return ngx.say("")
  end
  profile.stop()
  for stack, samples in pairs(stacks) do
    ngx.say(stack, " ", samples)
  end
end

return M
