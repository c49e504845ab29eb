-- Generated from src-ts/regions/kuma_monitor.ts: edit that file, then run npm run build.
-- The push monitor that a check is in Uptime Kuma: made, renamed, paused and removed over the API of a node.
local _M = {}
local config = require("config")
local http_client = require("lib.http_client")
local json = require("lib.json")
local states = require("lib.states")
local ____text = require("lib.text")
local contains = ____text.contains
local nodes_store = require("store.nodes")
local TIMEOUT_MS = 20000
local LONGEST_ANSWER = 1048576
--- Seconds that may go by without a beat though all is well: until probes know of a check and begin, or another leads.
local LONGEST_GAP = 75

--- What Uptime Kuma is told of a check. It says by itself that none comes when that takes long.
local function monitor_of(____bindingPattern0)
    local active
    local interval
    local name
    name = ____bindingPattern0.name
    interval = ____bindingPattern0.interval
    active = ____bindingPattern0.active
    return {
        type = "push",
        name = name,
        interval = interval * 2 + LONGEST_GAP,
        maxretries = 0,
        active = active,
        description = "Checked from several places by Uptime Kuma Cluster."
    }
end

local function call(host, method, path, body)
    local peer, peer_err = http_client.find_peer(host)
    if peer == nil then
        return nil, peer_err
    end
    local text
    if body ~= nil then
        text = json.encode(body)
    end
    return http_client.exchange(peer, {
        method = method,
        path = "/api/v1" .. path,
        headers = {["X-Cluster-Secret"] = config.secrets.current, ["Content-Type"] = "application/json"},
        body = text,
        timeout_ms = TIMEOUT_MS,
        longest_body = LONGEST_ANSWER
    })
end

--- True when a request that failed may be sent to another node: whoever was asked to make something may have done it.
local function may_ask_next(method, cause)
    return method ~= "POST" or contains(cause, "refused")
end

--- Asks online nodes one after the other until one answers; its answer, or nil and why.
local function ask(method, path, body)
    local nodes, err = nodes_store.list()
    if nodes == nil then
        return nil, err
    end
    local failure = "no node is online"
    for ____, node in ipairs(nodes) do
        if node.status == states.ONLINE then
            local answer, call_err = call(node.host, method, path, body)
            if answer ~= nil then
                return answer
            end
            failure = (node.node_id .. ": ") .. call_err
            if not may_ask_next(method, call_err) then
                break
            end
        end
    end
    return nil, failure
end

local function refusal(____bindingPattern0)
    local body
    local status
    status = ____bindingPattern0.status
    body = ____bindingPattern0.body
    local said = json.decode(body)
    local ____temp_0
    if type(said) == "table" then
        ____temp_0 = said.message
    else
        ____temp_0 = nil
    end
    local message = ____temp_0
    return ("Uptime Kuma answered " .. string.format("%d", status)) .. (message == nil and "" or ": " .. message)
end

--- Makes the push monitor of a check; returns its id.
function _M.create(fields)
    local answer, err = ask(
        "POST",
        "/monitors",
        monitor_of(fields)
    )
    if answer == nil then
        return nil, err
    end
    local monitor = json.decode(answer.body)
    if answer.status ~= 201 or (monitor and monitor.id) == nil then
        return nil, refusal(answer)
    end
    return monitor.id
end

--- Has the push monitor follow what the check has become. False when somebody has deleted it.
function _M.update(monitor_id, fields)
    local answer, err = ask(
        "PATCH",
        "/monitors/" .. string.format("%d", monitor_id),
        monitor_of(fields)
    )
    if answer == nil then
        return nil, err
    end
    if answer.status == 200 or answer.status == 404 then
        return answer.status == 200
    end
    return nil, refusal(answer)
end

--- Deletes the push monitor, with its history.
function _M.remove(monitor_id)
    local answer, err = ask(
        "DELETE",
        "/monitors/" .. string.format("%d", monitor_id)
    )
    if answer == nil then
        return nil, err
    end
    if answer.status == 200 or answer.status == 404 then
        return true
    end
    return nil, refusal(answer)
end
return _M
