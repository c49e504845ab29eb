-- What LuaJIT makes of the code that requests run through: the traces that it gives up there, and where the time goes.
local cjson = require("cjson")
local jit_util = require("jit.util")
local profile = require("jit.profile")
local vmdef = require("jit.vmdef")

local M = {}
local MILLISECONDS = 1
local NO_REQUEST = { timer = true, init_worker = true }
local aborts, compiled, start, states = {}, 0, "?", {}

-- "routing/choose.lua:12": the file without the folders that it happens to be in.
local function place(func, pc)
  local info = jit_util.funcinfo(func, pc)
  if info.loc then
    return (string.gsub(info.loc, "^.*/([^/]+/[^/]+)$", "%1"))
  end
  return info.ffid and vmdef.ffnames[info.ffid] or "C function"
end

local function reason(code, detail)
  if type(code) ~= "number" then
    return tostring(code)
  end
  return string.format(vmdef.traceerr[code], type(detail) == "function" and place(detail) or detail)
end

local function note(what, _, func, pc, code, detail)
  if what == "start" then
    start = (code and "a branch of " or "") .. place(func, pc)
  elseif what == "abort" and not NO_REQUEST[ngx.get_phase()] then
    local key = string.format("%s: %s, at %s", start, reason(code, detail), place(func, pc))
    aborts[key] = (aborts[key] or 0) + 1
  elseif what == "stop" then
    compiled = compiled + 1
  end
end

-- init_worker_by_lua: looks on from now on.
function M.start()
  jit.attach(note, "trace")
end

-- content_by_lua: the aborts during requests and the traces made since the last look, and samples of the time by what ran:
-- N compiled code, I the interpreter, C nginx and functions in C, G the garbage collector, J the compiler.
-- ?profile=start begins to take samples, ?profile=stop ends that.
function M.report()
  if ngx.var.arg_profile == "start" then
    profile.start("fi" .. MILLISECONDS, function(_, samples, state)
      states[state] = (states[state] or 0) + samples
    end)
  elseif ngx.var.arg_profile == "stop" then
    profile.stop()
  end
  ngx.say(cjson.encode({ aborts = aborts, compiled = compiled, samples = states }))
  aborts, compiled, states = {}, 0, {}
end

return M
