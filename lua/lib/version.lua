-- Generated from src-ts/lib/version.ts: edit that file, then run npm run build.
-- The version of this load balancer, as package.json has it.
local _M = {}
--- The version of this load balancer, as package.json has it.
_M.VERSION = "0.1.0"
return _M
