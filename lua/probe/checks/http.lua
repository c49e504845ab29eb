-- Generated from src-ts/probe/checks/http.ts: edit that file, then run npm run build.
-- The check of kind http: asks, follows redirects, and judges status, keyword and certificate.
local _M = {}
local ____certificate = require("lib.certificate")
local days_left = ____certificate.days_left
local clock = require("lib.clock")
local ____http_client = require("lib.http_client")
local exchange = ____http_client.exchange
local peer_of_url = ____http_client.peer_of_url
local ____socket_reader = require("lib.socket_reader")
local milliseconds_left = ____socket_reader.milliseconds_left
local ____text = require("lib.text")
local contains = ____text.contains
local ____url = require("lib.url")
local parse_url = ____url.parse_url
local ____version = require("lib.version")
local VERSION = ____version.VERSION
local ____finding = require("probe.finding")
local down = ____finding.down
local explain = ____finding.explain
local printable = ____finding.printable
local up = ____finding.up
local ____redirect = require("probe.redirect")
local follow = ____redirect.follow
local is_redirect = ____redirect.is_redirect
local ____status_ranges = require("probe.status_ranges")
local DEFAULT_RANGES = ____status_ranges.DEFAULT_RANGES
local is_expected = ____status_ranges.is_expected
--- Bytes of a body in which a keyword is looked for.
local LONGEST_BODY = 1048576
local DEFAULT_REDIRECTS = 10

local function first_step(____bindingPattern0)
    local body
    local headers
    local method
    local url
    url = ____bindingPattern0.url
    method = ____bindingPattern0.method
    headers = ____bindingPattern0.headers
    body = ____bindingPattern0.body
    local parsed = parse_url(url)
    local all = {["User-Agent"] = "uptime-kuma-cluster-probe/" .. VERSION}
    for name, value in pairs(headers or ({})) do
        if string.lower(name) == "user-agent" then
            all["User-Agent"] = value
        else
            all[name] = value
        end
    end
    local ____temp_0
    if parsed == nil then
        ____temp_0 = nil
    else
        ____temp_0 = {url = parsed, method = method or "GET", headers = all, body = body}
    end
    return ____temp_0
end

local function ask(step, target, deadline)
    local peer, peer_err = peer_of_url(step.url)
    if peer == nil then
        return nil, peer_err
    end
    local left = milliseconds_left(deadline)
    if left == nil then
        return nil, "timeout"
    end
    local ____peer_1 = peer
    local address = ____peer_1.address
    local port = ____peer_1.port
    local host = ____peer_1.host
    local name = ____peer_1.name
    local tls_name = ____peer_1.tls_name
    local is_unverified = target.ignore_tls == true
    return exchange(tls_name == nil and peer or ({
        address = address,
        port = port,
        host = host,
        name = name,
        tls_name = tls_name,
        is_unverified = is_unverified
    }), {
        method = step.method,
        path = step.url.path,
        headers = step.headers,
        body = step.body,
        timeout_ms = left,
        longest_body = LONGEST_BODY,
        may_cut = true
    })
end

--- When the certificate ends, as a part of a sentence, and whether that is too soon.
local function judge_certificate(answer, least)
    local days = days_left(answer.tls_session)
    if days == nil then
        return "this nginx cannot read certificates: unset min_tls_days", true
    end
    local whole = math.floor(math.abs(days))
    local unit = whole == 1 and "day" or "days"
    if days < 0 then
        return ((("the certificate ended " .. tostring(whole)) .. " ") .. unit) .. " ago", true
    end
    return (("the certificate ends in " .. tostring(whole)) .. " ") .. unit, days < least
end

local function judge_keyword(____bindingPattern0, answer)
    local invert_keyword
    local keyword
    keyword = ____bindingPattern0.keyword
    invert_keyword = ____bindingPattern0.invert_keyword
    if keyword == nil then
        return nil
    end
    local coding = answer.headers["content-encoding"]
    if coding ~= nil and string.lower(coding) ~= "identity" then
        return ("cannot look for the keyword: the body is compressed (" .. printable(coding)) .. ")"
    end
    local is_there = contains(answer.body, keyword)
    if invert_keyword == true then
        return is_there and ("the keyword \"" .. keyword) .. "\" is in the body" or nil
    end
    local where = answer.is_cut and "the first MiB of the body" or "the body"
    local ____is_there_2
    if is_there then
        ____is_there_2 = nil
    else
        ____is_there_2 = (("the keyword \"" .. keyword) .. "\" is not in ") .. where
    end
    return ____is_there_2
end

local function judge(target, answer)
    local wanted = target.expected_status or DEFAULT_RANGES
    if not is_expected(answer.status, wanted) then
        return (("answered " .. tostring(answer.status)) .. ", wanted ") .. wanted
    end
    return judge_keyword(target, answer)
end

--- Why the next step must not be made; nil when it may.
local function why_not_on(course, next)
    if course.redirects >= course.most then
        return ("more than " .. tostring(course.most)) .. " redirects"
    end
    local key = (next.method .. " ") .. next.url.text
    if course.seen[key] == true then
        return "redirects in a circle, back to " .. string.sub(next.url.text, 1, 100)
    end
    course.seen[key] = true
    course.redirects = course.redirects + 1
    return nil
end

--- What an answer comes to, or the step that it leads to.
local function conclude(course, step, answer)
    local ____course_3 = course
    local target = ____course_3.target
    if step.url.is_https and target.min_tls_days ~= nil then
        local ends, is_bad = judge_certificate(answer, target.min_tls_days)
        if is_bad then
            return down(ends)
        end
        course.sentence = ", " .. ends
    end
    if not is_redirect(answer.status) or course.most == 0 then
        local problem = judge(target, answer)
        local took = clock.monotonic() - course.started
        return problem == nil and up(
            ("answered " .. tostring(answer.status)) .. course.sentence,
            took
        ) or down(problem)
    end
    local next, err = follow(step, answer.status, answer.headers.location)
    local problem = next == nil and printable(err) or why_not_on(course, next)
    return problem == nil and next or down(problem)
end

--- Checks once; never raises for whatever the other side does.
function _M.check(target, timeout_ms)
    local started = clock.monotonic()
    local most = target.max_redirects or DEFAULT_REDIRECTS
    local step = first_step(target)
    if step == nil then
        return down("the URL is none")
    end
    local course = {
        target = target,
        started = started,
        most = most,
        seen = {},
        redirects = 0,
        sentence = ""
    }
    course.seen[(step.method .. " ") .. step.url.text] = true
    do
        while true do
            local answer, err = ask(step, target, started + timeout_ms / 1000)
            if answer == nil then
                return down(explain(err, timeout_ms))
            end
            local outcome = conclude(course, step, answer)
            if outcome.status ~= nil then
                return outcome
            end
            step = outcome
        end
    end
end
return _M
