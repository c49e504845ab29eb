-- Generated from src-ts/failover/node_check.ts: edit that file, then run npm run build.
-- Checks nodes over HTTP, all of them at the same time, none of them holding up another.
local _M = {}
local clock = require("lib.clock")
local ____dns = require("lib.dns")
local doubt = ____dns.doubt
local http_client = require("lib.http_client")
local json = require("lib.json")
local ____own_fault = require("lib.own_fault")
local why_no_connection = ____own_fault.why_no_connection
local shared_dict = require("lib.shared_dict")
local logger = require("logger")
local HEALTH_PATH = "/api/v1/health"
--- Seconds for which a round waits for the checks that it starts: most nodes have answered by then.
local PATIENCE = 0.3
local LOOK = 0.01
local LONGEST_REASON = 300
--- Seconds after which a result that nobody collected is void.
local RESULT_TTL = 30
--- Seconds between two lines about checks that could not be made.
local TELL_INTERVAL = 10
local dict = shared_dict.open("health_checker")

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
        return {ok = false, reason = HEALTH_PATH .. " is not the agent's answer: is the agent loaded?"}
    end
    if node_id ~= target.node_id then
        return {ok = false, reason = (((target.host .. " is node ") .. node_id) .. ", not ") .. target.node_id}
    end
    return {ok = true, reason = "answered"}
end

local function observe(target)
    local peer, peer_err = http_client.find_peer(target.host)
    if peer == nil then
        return {ok = false, reason = peer_err}
    end
    local answer, err = http_client.request("GET", peer, HEALTH_PATH, target.timeout_ms)
    local seen = answer == nil and ({ok = false, reason = err}) or judge_answer(target, answer)
    if not seen.ok then
        doubt(peer.name)
    end
    return seen
end

--- What a node said, fit for a line of a log and a column of a table.
local function brief(text)
    return (string.gsub(
        string.sub(text, 1, LONGEST_REASON),
        "[^ -~]",
        "?"
    ))
end

--- True when it is this side that has no connection left: that says nothing of the node.
local function is_own_fault(target)
    local fault = why_no_connection()
    if fault ~= nil and shared_dict.take(dict, "own_fault", true, TELL_INTERVAL) then
        logger.warn("HEALTH_CHECK", "%s and perhaps others cannot be checked: %s", target.node_id, fault)
    end
    return fault ~= nil
end

--- Checks one node; nil when it could not. Never raises.
local function check(target)
    local started = clock.now()
    local done, seen = pcall(observe, target)
    ngx.update_time()
    local latency_ms = math.floor((clock.now() - started) * 1000)
    local ____temp_2 = done and seen or ({
        ok = false,
        reason = tostring(seen)
    })
    local ok = ____temp_2.ok
    local reason = ____temp_2.reason
    if not ok and is_own_fault(target) then
        return nil
    end
    return {
        node_id = target.node_id,
        started = started,
        latency_ms = latency_ms,
        ok = ok,
        reason = brief(reason)
    }
end

--- Starts a check unless one of that node is under way; `done` is called at its end.
local function start(target, done)
    local key = "checking:" .. target.node_id
    if not shared_dict.take(dict, key, true, target.timeout_ms / 1000 + 2) then
        return false
    end
    ngx.thread.spawn(function()
        local result = check(target)
        if result ~= nil then
            shared_dict.set(
                dict,
                "result:" .. target.node_id,
                json.encode(result),
                RESULT_TTL
            )
        end
        dict.raw:delete(key)
        done()
    end)
    return true
end

--- Starts checks of all the targets at once. Comes back when they have ended, or after a moment: a node that takes its
-- time delays nobody, the next round finds its result. `patient` waits for the slowest.
function _M.start_all(targets, patient)
    local open = 0
    for ____, target in ipairs(targets) do
        open = open + 1
        local is_started = start(
            target,
            function()
                open = open - 1
            end
        )
        open = open - (is_started and 0 or 1)
    end
    local started = clock.now()
    while open > 0 and (patient or clock.now() - started < PATIENCE) do
        ngx.sleep(LOOK)
    end
end

--- True while a check of the node is under way.
function _M.is_running(node_id)
    return (dict.raw:get("checking:" .. node_id)) ~= nil
end

--- The result of a check that has ended since the last call, or nil.
function _M.collect(node_id)
    local key = "result:" .. node_id
    local text = shared_dict.get_text(dict, key)
    if text == nil then
        return nil
    end
    dict.raw:delete(key)
    return (json.decode(text))
end
return _M
