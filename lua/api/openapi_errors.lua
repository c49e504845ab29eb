-- Generated from src-ts/api/openapi_errors.ts: edit that file, then run npm run build.
-- The errors that a route can give, for its OpenAPI document.
local _M = {}
local ____route = require("api.route")
local is_change = ____route.is_change
local WORDS = {
    ["400"] = "A parameter or the body is wrong.",
    ["401"] = "The secret is missing or wrong.",
    ["403"] = "The client may not do this.",
    ["404"] = "There is none of this id.",
    ["409"] = "Not in the present state.",
    ["413"] = "The body is too long.",
    ["415"] = "The body is of another type.",
    ["429"] = "Too many requests of this client.",
    ["503"] = "Not at the moment."
}
local HEADERS = {["401"] = "WWW-Authenticate", ["429"] = "Retry-After", ["503"] = "Retry-After"}

local function add(codes, status, more)
    local known = codes[status] or ({})
    for ____, code in ipairs(more) do
        table.insert(known, code)
    end
    codes[status] = known
end

local function codes_of(route)
    local codes = {}
    if route.takes ~= nil then
        add(codes, "400", {"bad_json"})
        add(codes, "413", {"body_too_large"})
        add(codes, "415", {"unsupported_media_type"})
    end
    if route.takes ~= nil or route.query ~= nil then
        add(codes, "400", {"invalid_parameter"})
    end
    if route.guard ~= "open" then
        add(codes, "401", {"authentication_required", "invalid_credentials"})
        add(codes, "403", {"forbidden"})
        add(codes, "429", {"rate_limited"})
    end
    if is_change(route) then
        add(codes, "403", {"foreign_origin"})
    end
    for status, more in pairs(route.errors or ({})) do
        add(codes, status, more)
    end
    return codes
end

--- The OpenAPI responses of a route by status, when it refuses or fails.
function _M.error_responses(route)
    local responses = {}
    for status, codes in pairs(codes_of(route)) do
        local header = HEADERS[status]
        local schema = {["$ref"] = "#/components/schemas/ErrorBody", properties = {error = {enum = codes}}}
        local ____status_2 = status
        local ____temp_1 = WORDS[status] or "An error."
        local ____temp_0
        if header == nil then
            ____temp_0 = nil
        else
            ____temp_0 = {[header] = {schema = {type = "string"}}}
        end
        responses[____status_2] = {description = ____temp_1, headers = ____temp_0, content = {["application/json"] = {schema = schema}}}
    end
    return responses
end
return _M
