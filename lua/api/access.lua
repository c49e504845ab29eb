-- Generated from src-ts/api/access.ts: edit that file, then run npm run build.
-- Who may change the cluster: whoever shows CLUSTER_SECRET or, while none is set, a client of this machine or of a private
-- network. A page of another site may not, whatever its browser could reach.
local _M = {}
local config = require("config")
local ____private_address = require("lib.private_address")
local is_private_address = ____private_address.is_private_address
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
    if not is_private_address(caller.address) then
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

--- The refusal of a request that may not change the cluster; nil for one that may. `secret` is empty when none is set.
function _M.judge_caller(caller, secret)
    if is_foreign(caller) then
        return failure(403, "foreign_origin", "A page of another site may not change the cluster.")
    end
    if secret == "" then
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
    if not _M.is_equal_secret(shown, secret) then
        return failure(401, "invalid_credentials", "That is not the cluster's secret.", challenge)
    end
    return nil
end

--- The refusal of this request; nil when it may change the cluster.
function _M.refusal()
    local variable = ngx.var
    local caller = {
        address = variable.remote_addr or "",
        forwarded_for = variable.http_x_forwarded_for,
        host = variable.http_host,
        origin = variable.http_origin,
        fetch_site = variable.http_sec_fetch_site,
        cluster_secret = variable.http_x_cluster_secret,
        authorization = variable.http_authorization
    }
    return _M.judge_caller(caller, config.secret)
end
return _M
