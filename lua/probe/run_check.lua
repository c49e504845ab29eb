-- Generated from src-ts/probe/run_check.ts: edit that file, then run npm run build.
-- One check from its beginning to what is reported of it. Never raises.
local _M = {}
local clock = require("lib.clock")
local ____own_fault = require("lib.own_fault")
local why_no_connection = ____own_fault.why_no_connection
local ____text = require("lib.text")
local one_line = ____text.one_line
local shorten = ____text.shorten
local logger = require("logger")
local ____dns = require("probe.checks.dns")
local check_dns = ____dns.check
local ____http = require("probe.checks.http")
local check_http = ____http.check
local ____tcp = require("probe.checks.tcp")
local check_tcp = ____tcp.check
local ____finding = require("probe.finding")
local down = ____finding.down
local explain = ____finding.explain
local witness = require("probe.witness")
--- Bytes of a message.
local LONGEST_MESSAGE = 200
local CHECKS = {http = check_http, tcp = check_tcp, dns = check_dns}

--- Whatever a check waits for, its time ends: also what waits inside for longer than it was told, as a name server.
local function check_in_time(____bindingPattern0)
    local timeout_ms
    local target
    local kind
    kind = ____bindingPattern0.kind
    target = ____bindingPattern0.target
    timeout_ms = ____bindingPattern0.timeout_ms
    local work = ngx.thread.spawn(CHECKS[kind], target, timeout_ms)
    local limit = ngx.thread.spawn(function()
        ngx.sleep(timeout_ms / 1000)
        return down(explain("timeout", timeout_ms))
    end)
    local ok, finding = ngx.thread.wait(work, limit)
    ngx.thread.kill(work)
    ngx.thread.kill(limit)
    if not ok then
        logger.error("PROBE", "a check of kind %s failed: %s", kind, finding)
        return nil
    end
    return finding
end

--- Why what looks down may be the probe's own fault; nil when it is not.
local function why_not_down()
    local fault = why_no_connection()
    if fault ~= nil then
        return fault
    end
    local cut_off = witness.why_cut_off()
    local ____temp_0
    if cut_off == nil then
        ____temp_0 = nil
    else
        ____temp_0 = ("the probe cannot reach its witness either (" .. cut_off) .. ")"
    end
    return ____temp_0
end

--- Runs a check, in a timer of its own; down only when the probe's own connection works.
function _M.run_check(assignment)
    local finding = check_in_time(assignment)
    local at = clock.monotonic()
    if finding == nil then
        return {status = "abstain", message = "the probe failed in this check; its log says why", at = at}
    end
    local status = finding.status
    local ping_ms = finding.ping_ms
    local message = finding.message
    local ____temp_1
    if status == "down" then
        ____temp_1 = why_not_down()
    else
        ____temp_1 = nil
    end
    local own_fault = ____temp_1
    if own_fault ~= nil then
        local sentence = (own_fault .. "; the check: ") .. message
        return {
            status = "abstain",
            message = shorten(
                one_line(sentence),
                LONGEST_MESSAGE
            ),
            at = at
        }
    end
    return {
        status = status,
        ping_ms = ping_ms,
        message = shorten(
            one_line(message),
            LONGEST_MESSAGE
        ),
        at = at
    }
end
return _M
