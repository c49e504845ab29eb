-- Generated from src-ts/probe/checks/dns.ts: edit that file, then run npm run build.
-- The check of kind dns: a name has records of a type, or one that is given.
local _M = {}
local resolver = require("resty.dns.resolver")
local ____address = require("lib.address")
local parse_address = ____address.parse_address
local clock = require("lib.clock")
local ____dns_files = require("lib.dns_files")
local nameservers = ____dns_files.nameservers
local ____dns_query = require("lib.dns_query")
local NXDOMAIN = ____dns_query.NXDOMAIN
local ask = ____dns_query.ask
local ____ip_range = require("lib.ip_range")
local parse_ip = ____ip_range.parse_ip
local ____finding = require("probe.finding")
local down = ____finding.down
local explain = ____finding.explain
local printable = ____finding.printable
local up = ____finding.up
local DNS_PORT = 53
local CODES = {
    A = resolver.TYPE_A,
    AAAA = resolver.TYPE_AAAA,
    CNAME = resolver.TYPE_CNAME,
    MX = resolver.TYPE_MX,
    NS = resolver.TYPE_NS,
    TXT = resolver.TYPE_TXT
}

local function text_of(answer)
    local ____answer_0 = answer
    local txt = ____answer_0.txt
    if txt ~= nil then
        return type(txt) == "string" and txt or table.concat(txt)
    end
    if answer.exchange ~= nil then
        return (string.format("%d", answer.preference or 0) .. " ") .. answer.exchange
    end
    return answer.address or answer.cname or answer.nsdname or ""
end

--- In one form, so that equal values are equal texts.
local function normal(text, record_type)
    if record_type == "TXT" then
        return text
    end
    local ____temp_1
    if record_type == "A" or record_type == "AAAA" then
        ____temp_1 = parse_ip(text)
    else
        ____temp_1 = nil
    end
    local bytes = ____temp_1
    if bytes ~= nil then
        return table.concat(bytes, ".")
    end
    return (string.gsub(
        string.lower(text),
        "%.$",
        ""
    ))
end

--- Whether a record is the expected one: that of an MX with or without its preference.
local function is_match(text, expected, record_type)
    local wanted = normal(expected, record_type)
    local ____, host = string.match(text, "^(%d+) (.*)$")
    local is_host = record_type == "MX" and host ~= nil and normal(host, record_type) == wanted
    return normal(text, record_type) == wanted or is_host
end

local function judge(answers, ____bindingPattern0, record_type)
    local expected
    local name
    name = ____bindingPattern0.name
    expected = ____bindingPattern0.expected
    if answers.errcode == NXDOMAIN then
        return nil, name .. " does not exist"
    end
    local texts = {}
    local is_found = expected == nil
    for ____, answer in ipairs(answers) do
        if answer.type == CODES[record_type] then
            local text = text_of(answer)
            table.insert(texts, text)
            is_found = is_found or is_match(text, expected or "", record_type)
        end
    end
    if #texts == 0 then
        return nil, ((name .. " has no ") .. record_type) .. " record"
    end
    local list = printable(table.concat(texts, ", "))
    if not is_found then
        return nil, (((("none of the " .. record_type) .. " records is ") .. tostring(expected)) .. ": ") .. list
    end
    return list
end

local function servers_of(server)
    if server == nil then
        return nameservers()
    end
    local host, port = parse_address(server, DNS_PORT)
    return host == nil and ({}) or ({{host, port}})
end

--- Checks once; never raises for whatever the other side does.
function _M.check(target, timeout_ms)
    local record_type = target.type or "A"
    local started = clock.monotonic()
    local ____until = clock.monotonic() + timeout_ms / 1000
    local answers, ask_err = ask(
        target.name,
        CODES[record_type],
        ____until,
        servers_of(target.server)
    )
    if answers == nil then
        local is_timeout = (string.find(ask_err, "timeout", 1, true))
        return down(explain(is_timeout == nil and ask_err or "timeout", timeout_ms))
    end
    local took = clock.monotonic() - started
    local list, problem = judge(answers, target, record_type)
    return list == nil and down(problem) or up(list, took)
end
return _M
