-- Generated from src-ts/api/access.ts: edit that file, then run npm run build.
-- Who may do what. To change the cluster it takes CLUSTER_SECRET or, while none is set, a client of this machine or of a
-- private network; LB_STATUS_PUBLIC=false asks the same of who looks at it. A page of another site may change nothing,
-- whatever its browser could reach.
local _M = {}
local config = require("config")
local client = require("lib.client")
local ____ip_range = require("lib.ip_range")
local is_private_address = ____ip_range.is_private_address
local ____respond = require("api.respond")
local failure = ____respond.failure

--- True when both are equal; takes the same time wherever they differ.
function _M.is_equal_secret(given, wanted)
    local left = ngx.sha1_bin(given)
    local right = ngx.sha1_bin(wanted)
    local same = 0
    for index = 1, #right do
        same = same + (string.byte(left, index) == string.byte(right, index) and 1 or 0)
    end
    return same == #right and #given == #wanted
end

local function is_foreign(caller)
    if caller.fetch_site ~= nil and caller.fetch_site ~= "same-origin" then
        return true
    end
    if caller.origin == nil then
        return false
    end
    local host = string.match(caller.origin, "^https?://([^/]+)$")
    return host == nil or string.lower(host) ~= string.lower(caller.host or "")
end

local function is_nearby(caller)
    if not is_private_address(caller.address) or caller.forwarded ~= nil then
        return false
    end
    if caller.real_ip ~= nil and not is_private_address(caller.real_ip) then
        return false
    end
    for address in string.gmatch(caller.forwarded_for or "", "[^%s,]+") do
        if not is_private_address(address) then
            return false
        end
    end
    return true
end

local function shown_secret(caller)
    local bearer = string.match(caller.authorization or "", "^[Bb]earer +(.+)$")
    return caller.cluster_secret or bearer
end

--- True for the secret in use and for the one before it, while that is accepted too.
local function is_known_secret(shown, secrets)
    local is_current = _M.is_equal_secret(shown, secrets.current)
    local is_previous = _M.is_equal_secret(shown, secrets.previous) and secrets.previous ~= ""
    return is_current or is_previous
end

local function judge_secret(caller, secrets)
    if secrets.current == "" then
        local hint = "Without CLUSTER_SECRET only clients of this machine and of private networks may do this."
        local ____is_nearby_result_0
        if is_nearby(caller) then
            ____is_nearby_result_0 = nil
        else
            ____is_nearby_result_0 = failure(403, "forbidden", hint)
        end
        return ____is_nearby_result_0
    end
    local shown = shown_secret(caller)
    local challenge = {["WWW-Authenticate"] = "Bearer realm=\"cluster\""}
    if shown == nil then
        local hint = "Show the cluster's secret in the header X-Cluster-Secret, or as Bearer in Authorization."
        return failure(401, "authentication_required", hint, challenge)
    end
    if not is_known_secret(shown, secrets) then
        return failure(401, "invalid_credentials", "That is not the cluster's secret.", challenge)
    end
    return nil
end

--- The refusal of a request that may not do what it asks for; nil for one that may. `changes`: it is no mere look.
function _M.judge_caller(caller, guard, changes, secrets)
    if changes and is_foreign(caller) then
        return failure(403, "foreign_origin", "A page of another site may not change anything here.")
    end
    if guard == "probe" and secrets.current == "" then
        return failure(403, "forbidden", "Probes need CLUSTER_SECRET, and none is set here.")
    end
    local ____temp_1
    if guard == "open" then
        ____temp_1 = nil
    else
        ____temp_1 = judge_secret(caller, secrets)
    end
    return ____temp_1
end

--- True for a route that not everybody may call.
function _M.is_guarded(guard)
    return guard == "cluster" or guard == "probe" or guard == "status" and not config.access.is_status_public
end

--- The refusal of this request; nil when it may do what the route does.
function _M.refusal(guard, changes)
    if not changes and not _M.is_guarded(guard) then
        return nil
    end
    local variable = ngx.var
    local caller = {
        address = client.current().address,
        forwarded_for = variable.http_x_forwarded_for,
        real_ip = variable.http_x_real_ip,
        forwarded = variable.http_forwarded,
        host = variable.http_host,
        origin = variable.http_origin,
        fetch_site = variable.http_sec_fetch_site,
        cluster_secret = variable.http_x_cluster_secret,
        authorization = variable.http_authorization
    }
    return _M.judge_caller(caller, guard, changes, config.secrets)
end
return _M
