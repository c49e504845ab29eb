-- Generated from src-ts/failover/tick.ts: edit that file, then run npm run build.
-- What a node says of itself once a second: pure but for JSON.
local _M = {}
local json = require("lib.json")

--- What a line says, or nil and why it is no tick of that node.
function _M.read_tick(line, node_id)
    local said = json.decode(line)
    if type(said) ~= "table" or type(said.tick) ~= "number" or type(said.status) ~= "string" then
        return nil, "what it sends is no tick"
    end
    if said.node_id ~= node_id then
        return nil, (("it is node " .. tostring(said.node_id)) .. ", not ") .. node_id
    end
    if said.status == "ok" then
        return {ok = true, reason = "ok"}
    end
    local cause = type(said.reason) == "string" and (tostring(said.status) .. ": ") .. tostring(said.reason) or tostring(said.status)
    return {ok = false, reason = cause}
end

--- Seconds before attempt number `attempt`, from 1, to connect again: longer each time, up to 5.
function _M.backoff(attempt)
    return math.min(2 ^ (attempt - 1), 5)
end
return _M
