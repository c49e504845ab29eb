-- Generated from src-ts/probe/leader.ts: edit that file, then run npm run build.
-- Talks to the leader: the first of CLUSTER_PEER_URL that works, and that one for as long as it does. What goes wrong is
-- logged once, until it is something else or over.
local _M = {}
local config = require("config")
local ____http_client = require("lib.http_client")
local exchange = ____http_client.exchange
local peer_of_url = ____http_client.peer_of_url
local json = require("lib.json")
local logger = require("logger")
local state = require("probe.state")
local TIMEOUT_MS = 10000
local LONGEST_ANSWER = 8 * 1024 * 1024
--- Index of the URL that worked last.
local preferred = 0

--- The sentence of an error's body, for the log.
local function message_of(____bindingPattern0)
    local body
    body = ____bindingPattern0.body
    local said = json.decode(body)
    return type(said) == "table" and type(said.message) == "string" and (" (" .. string.sub(said.message, 1, 200)) .. ")" or ""
end
--- What the leader's answers about the question itself are: those that say yes, and those that say what is wrong with it.
local ANSWERS = {
    [200] = true,
    [304] = true,
    [400] = true,
    [409] = true,
    [413] = true,
    [422] = true
}

--- Why an answer is none of a leader that takes us; nil when it is one.
local function judge(answer)
    local ____answer_0 = answer
    local status = ____answer_0.status
    if status == 401 then
        return "refuses us with 401: our CLUSTER_SECRET is not the leader's", true
    end
    if status == 403 then
        return "refuses us with 403" .. message_of(answer), true
    end
    if status == 404 then
        return "answered 404: it is no leader, or one of an earlier version", false
    end
    local ____temp_1
    if ANSWERS[status] == true then
        ____temp_1 = nil
    else
        ____temp_1 = ("answered " .. tostring(status)) .. message_of(answer)
    end
    return ____temp_1, false
end

local function ask_one(url, ____bindingPattern0)
    local body
    local headers
    local path
    local method
    method = ____bindingPattern0.method
    path = ____bindingPattern0.path
    headers = ____bindingPattern0.headers
    body = ____bindingPattern0.body
    local peer, peer_err = peer_of_url(url)
    if peer == nil then
        return nil, peer_err, false
    end
    local all = {["X-Cluster-Secret"] = config.secrets.current}
    for name, value in pairs(headers or ({})) do
        all[name] = value
    end
    if body ~= nil then
        all["Content-Type"] = "application/json"
    end
    local prefix = string.gsub(url.path, "/$", "")
    local ____exchange_6 = exchange
    local ____peer_5 = peer
    local ____method_3 = method
    local ____temp_4 = (prefix .. "/lb/") .. path
    local ____temp_2
    if body == nil then
        ____temp_2 = nil
    else
        ____temp_2 = json.encode(body)
    end
    local answer, err = ____exchange_6(____peer_5, {
        method = ____method_3,
        path = ____temp_4,
        headers = all,
        body = ____temp_2,
        timeout_ms = TIMEOUT_MS,
        longest_body = LONGEST_ANSWER
    })
    if answer == nil then
        return nil, err, false
    end
    local problem, is_refused = judge(answer)
    if problem ~= nil then
        return nil, problem, is_refused
    end
    return answer, "", false
end

local function note_success(index)
    local ____config_peers_7 = config.peers
    local urls = ____config_peers_7.urls
    if state.set_leader_error(nil) then
        local ____logger_info_10 = logger.info
        local ____opt_8 = urls[index + 1]
        ____logger_info_10("PROBE", "the leader at %s answers again", ____opt_8 and ____opt_8.text)
    elseif index ~= preferred then
        local ____logger_info_13 = logger.info
        local ____opt_11 = urls[index + 1]
        ____logger_info_13("PROBE", "using the leader at %s from now on", ____opt_11 and ____opt_11.text)
    end
    preferred = index
end

--- Asks the leader. An answer is a success, or an error that means the question: 400, 409, 413 or 422.
function _M.ask(question)
    local ____config_peers_14 = config.peers
    local urls = ____config_peers_14.urls
    local failures = {}
    local is_refused = false
    for step = 0, #urls - 1 do
        local index = (preferred + step) % #urls
        local url = urls[index + 1]
        local answer, err, refused = ask_one(url, question)
        if answer ~= nil then
            note_success(index)
            return answer, "", false
        end
        is_refused = is_refused or refused
        table.insert(failures, (url.text .. ": ") .. err)
    end
    table.sort(failures)
    local failure = table.concat(failures, "; ")
    if state.set_leader_error(failure) then
        logger.error("PROBE", "cannot reach the leader, results are kept until it is back: %s", failure)
    end
    return nil, failure, is_refused
end
return _M
