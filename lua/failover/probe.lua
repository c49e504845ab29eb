-- Generated from src-ts/failover/probe.ts: edit that file, then run npm run build.
-- Checks nodes over HTTP, all of them at the same time.
local _M = {}
local ____address = require("lib.address")
local node_address = ____address.node_address
local clock = require("lib.clock")
local ____dns = require("lib.dns")
local resolve_host = ____dns.resolve_host
local http_client = require("lib.http_client")
local json = require("lib.json")
_M.HEALTH_PATH = "/api/v1/health"

local function refusal(answer)
    local body = json.decode(answer.body)
    local ____temp_0
    if type(body) == "table" then
        ____temp_0 = body.reason or body.status
    else
        ____temp_0 = nil
    end
    local said = ____temp_0
    return said == nil and "answered " .. tostring(answer.status) or (("answered " .. tostring(answer.status)) .. ": ") .. said
end

--- An answer of the node that the database knows under this id; another one behind the address does not count.
local function judge_answer(target, answer)
    if answer.status ~= 200 then
        return {
            ok = false,
            reason = refusal(answer)
        }
    end
    local body = json.decode(answer.body)
    local ____temp_1
    if type(body) == "table" then
        ____temp_1 = body.node_id
    else
        ____temp_1 = nil
    end
    local node_id = ____temp_1
    if node_id == nil then
        return {ok = false, reason = _M.HEALTH_PATH .. " is not the agent's answer: is the agent loaded?"}
    end
    if node_id ~= target.node_id then
        return {ok = false, reason = (((target.host .. " is node ") .. node_id) .. ", not ") .. target.node_id}
    end
    return {ok = true, reason = "answered"}
end

local function observe(target)
    local name, port = node_address(target.host)
    local address, dns_err = resolve_host(name)
    if address == nil then
        return {ok = false, reason = (("cannot resolve " .. name) .. ": ") .. dns_err}
    end
    local answer, err = http_client.get(
        address,
        port,
        target.host,
        _M.HEALTH_PATH,
        target.timeout_ms
    )
    return answer == nil and ({ok = false, reason = err}) or judge_answer(target, answer)
end

--- Checks one node. Never raises.
function _M.check(target)
    local started = clock.now()
    local done, seen = pcall(observe, target)
    ngx.update_time()
    local latency_ms = math.floor((clock.now() - started) * 1000)
    local observation = done and seen or ({
        ok = false,
        reason = tostring(seen)
    })
    return {node_id = target.node_id, latency_ms = latency_ms, ok = observation.ok, reason = observation.reason}
end

--- Checks all targets at once and waits for the slowest.
function _M.check_all(targets)
    local results = {}
    local threads = {}
    for ____, target in ipairs(targets) do
        table.insert(
            threads,
            ngx.thread.spawn(function()
                table.insert(
                    results,
                    _M.check(target)
                )
            end)
        )
    end
    for ____, thread in ipairs(threads) do
        ngx.thread.wait(thread)
    end
    return results
end
return _M
