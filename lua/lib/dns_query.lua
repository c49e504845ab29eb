-- Generated from src-ts/lib/dns_query.ts: edit that file, then run npm run build.
-- One look-up in the DNS, without cache: search list, name servers in order, A before AAAA, aliases.
local _M = {}
local resolver = require("resty.dns.resolver")
local clock = require("lib.clock")
local files = require("lib.dns_files")
local ____resolv_conf = require("lib.resolv_conf")
local absolute_names = ____resolv_conf.absolute_names
local BUDGET_S = 5
local MAX_ALIASES = 8
--- The error code of a name that does not exist.
_M.NXDOMAIN = 3
local DAY_S = 86400

local function ask_server(server, name, qtype, timeout)
    local client, create_err = resolver.new(resolver, {nameservers = {server}, retrans = 1, timeout = timeout})
    if client == nil then
        return nil, create_err or ""
    end
    local answers, err = client:query(name, {qtype = qtype})
    if answers == nil then
        return nil, err or ""
    end
    if answers.errcode ~= nil and answers.errcode ~= _M.NXDOMAIN then
        return nil, (((("name server " .. server[1]) .. ":") .. tostring(server[2])) .. ": ") .. tostring(answers.errstr)
    end
    return answers
end

--- Asks the servers in turn until one answers, be it that there is no such name (errcode 3); nil and the cause when none
-- does until the deadline, a time of clock.monotonic().
function _M.ask(name, qtype, deadline, servers)
    if servers == nil then
        servers = files.nameservers()
    end
    local ____files_resolv_conf_result_0 = files.resolv_conf()
    local attempts = ____files_resolv_conf_result_0.attempts
    local timeout = ____files_resolv_conf_result_0.timeout
    local cause = "timeout"
    local rounds = 0
    while rounds < attempts do
        rounds = rounds + 1
        for ____, server in ipairs(servers) do
            local rest = deadline - clock.monotonic()
            if rest <= 0 then
                return nil, cause
            end
            local answers, err = ask_server(
                server,
                name,
                qtype,
                math.ceil(math.min(timeout, rest) * 1000)
            )
            if answers ~= nil then
                return answers
            end
            cause = err
        end
    end
    return nil, cause
end

local function addresses_in(answers, qtype)
    local ips = {}
    local ttl = DAY_S
    for ____, answer in ipairs(answers) do
        ttl = math.min(ttl, answer.ttl)
        if answer.type == qtype and answer.address ~= nil then
            ips[#ips + 1] = qtype == resolver.TYPE_AAAA and ("[" .. answer.address) .. "]" or answer.address
        end
    end
    return #ips > 0 and ({ips = ips, ttl = ttl}) or nil
end

--- The end of the chain of aliases, where the server did not follow it.
local function alias_in(answers)
    local target
    for ____, answer in ipairs(answers) do
        target = answer.cname or target
    end
    return target
end

local function look_up_absolute(name, deadline)
    local target = name
    local aliases = 0
    while aliases <= MAX_ALIASES do
        local answers, err = _M.ask(target, resolver.TYPE_A, deadline)
        if answers == nil then
            return nil, err, false
        end
        if answers.errcode ~= nil then
            return nil, name .. " does not exist", true
        end
        local v4 = addresses_in(answers, resolver.TYPE_A)
        if v4 ~= nil then
            return v4
        end
        local v6_answers, v6_err = _M.ask(target, resolver.TYPE_AAAA, deadline)
        if v6_answers == nil then
            return nil, v6_err, false
        end
        local v6 = addresses_in(v6_answers, resolver.TYPE_AAAA)
        if v6 ~= nil then
            return v6
        end
        target = alias_in(answers)
        aliases = aliases + 1
        if target == nil then
            return nil, name .. " has no address", true
        end
    end
    return nil, ((name .. " has more than ") .. tostring(MAX_ALIASES)) .. " aliases", true
end

--- The addresses of a name; nil, the cause, and true when the servers said that there are none, false when they could not
-- be asked. Waits 5 seconds at most.
function _M.look_up(name)
    local deadline = clock.monotonic() + BUDGET_S
    local cause
    local all_definite = true
    for ____, candidate in ipairs(absolute_names(
        name,
        files.resolv_conf()
    )) do
        local addresses, err, is_definite = look_up_absolute(candidate, deadline)
        if addresses ~= nil then
            return addresses
        end
        if is_definite ~= true then
            local ____all_definite_1
            if all_definite then
                ____all_definite_1 = err
            else
                ____all_definite_1 = cause
            end
            cause = ____all_definite_1
            all_definite = false
        end
        if cause == nil then
            cause = err
        end
    end
    return nil, cause, all_definite
end
return _M
