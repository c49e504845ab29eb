-- Generated from src-ts/api/openapi.ts: edit that file, then run npm run build.
-- The OpenAPI document of the API, made from the table of routes and the schemas of types/contract.
local _M = {}
local json = require("lib.json")
local ____text = require("lib.text")
local contains = ____text.contains
local ____version = require("lib.version")
local VERSION = ____version.VERSION
local ____openapi_errors = require("api.openapi_errors")
local error_responses = ____openapi_errors.error_responses
local ____schemas = require("api.schemas")
local SCHEMAS = ____schemas.SCHEMAS
local INFO = {title = "Uptime Kuma Cluster, API of the load balancer", version = VERSION, description = "What the load balancer answers by itself. An error is JSON with a stable code; 500 internal_error is a bug, " .. "whose cause the error log has. GET routes answer HEAD too, but for those that are deprecated."}
local SECURITY_SCHEMES = {clusterSecret = {type = "apiKey", ["in"] = "header", name = "X-Cluster-Secret", description = "CLUSTER_SECRET"}, bearer = {type = "http", scheme = "bearer", description = "CLUSTER_SECRET"}}
local NONE = json.list({})
local BY_HEADER = {clusterSecret = NONE}
local BY_BEARER = {bearer = NONE}
local SECURITY = {open = NONE, status = {{}, BY_HEADER, BY_BEARER}, cluster = {BY_HEADER, BY_BEARER}, probe = {BY_HEADER, BY_BEARER}}
local TAGS = {open = "load balancer", status = "cluster", cluster = "operation", probe = "probe"}
local FIXED_NODE_TAG = "fixed node"
--- What stands in paths in place of a name in braces.
local PATH_PARAMETERS = {id = {description = "The id of a monitor or a check.", schema = {type = "integer", minimum = 1, maximum = 4294967295}}, node = {description = "The id of a node.", schema = {type = "string"}}}

--- A JSON object of texts that are JSON already, in this order.
local function members(list)
    local parts = {}
    for ____, ____value in ipairs(list) do
        local name = ____value[1]
        local text = ____value[2]
        table.insert(
            parts,
            (json.encode(name) .. ":") .. text
        )
    end
    return ("{" .. table.concat(parts, ",")) .. "}"
end

--- What is in an answer or a request: `type` is a schema, or a media type.
local function content(____type)
    if ____type == "nothing" then
        return nil
    end
    return contains(____type, "/") and ({[____type] = {}}) or ({["application/json"] = {schema = {["$ref"] = "#/components/schemas/" .. ____type}}})
end

local function query_parameter(____bindingPattern0)
    local value
    local max
    local min
    local about
    local ____type
    local name
    name = ____bindingPattern0.name
    ____type = ____bindingPattern0.type
    about = ____bindingPattern0.about
    min = ____bindingPattern0.min
    max = ____bindingPattern0.max
    value = ____bindingPattern0.default
    if ____type == "text" then
        return {
            name = name,
            ["in"] = "query",
            required = true,
            description = about,
            schema = {type = "string"}
        }
    end
    local schema = ____type == "flag" and ({type = "string", enum = {"1", "0", "true", "false"}, default = "0"}) or ({type = "integer", minimum = min, maximum = max, default = value})
    return {name = name, ["in"] = "query", description = about, schema = schema}
end

local function parameters(____bindingPattern0)
    local query
    local path
    path = ____bindingPattern0.path
    query = ____bindingPattern0.query
    local found = {}
    for name in string.gmatch(path, "{(%w+)}") do
        local known = PATH_PARAMETERS[name]
        table.insert(found, {
            name = name,
            ["in"] = "path",
            required = true,
            description = known and known.description,
            schema = known and known.schema
        })
    end
    for ____, parameter in ipairs(query or ({})) do
        table.insert(
            found,
            query_parameter(parameter)
        )
    end
    local ____temp_4
    if #found == 0 then
        ____temp_4 = nil
    else
        ____temp_4 = found
    end
    return ____temp_4
end

--- A name for generated clients, as postNodesNodeDrain.
local function operation_id(____bindingPattern0)
    local path
    local method
    method = ____bindingPattern0.method
    path = ____bindingPattern0.path
    local parts = {string.lower(method)}
    for word in string.gmatch(path, "%w+") do
        table.insert(
            parts,
            string.upper(string.sub(word, 1, 1)) .. string.sub(word, 2)
        )
    end
    return table.concat(parts)
end

local function responses(route)
    local all = error_responses(route)
    for status, ____type in pairs(route.answers) do
        all[status] = {
            description = route.about,
            content = content(____type)
        }
    end
    return all
end

local function operation(route)
    local ____route_5 = route
    local takes = ____route_5.takes
    local path = ____route_5.path
    local guard = ____route_5.guard
    local ____operation_id_result_7 = operation_id(route)
    local ____route_about_8 = route.about
    local ____temp_9 = {contains(path, "fixed-node") and FIXED_NODE_TAG or TAGS[guard]}
    local ____route_deprecated_10 = route.deprecated
    local ____SECURITY_guard_11 = SECURITY[guard]
    local ____parameters_result_12 = parameters(route)
    local ____temp_6
    if takes == nil then
        ____temp_6 = nil
    else
        ____temp_6 = {
            required = true,
            content = content(takes)
        }
    end
    return {
        operationId = ____operation_id_result_7,
        summary = ____route_about_8,
        tags = ____temp_9,
        deprecated = ____route_deprecated_10,
        security = ____SECURITY_guard_11,
        parameters = ____parameters_result_12,
        requestBody = ____temp_6,
        responses = responses(route)
    }
end

--- The paths in the order of the routes, each with its operations.
local function paths(routes)
    local order = {}
    local operations = {}
    for ____, route in ipairs(routes) do
        local path = "/lb/" .. route.path
        local of_path = operations[path]
        if of_path == nil then
            of_path = {}
            operations[path] = of_path
            table.insert(order, path)
        end
        table.insert(
            of_path,
            {
                string.lower(route.method),
                json.encode_sorted(operation(route))
            }
        )
    end
    local items = {}
    for ____, path in ipairs(order) do
        table.insert(
            items,
            {
                path,
                members(operations[path] or ({}))
            }
        )
    end
    return members(items)
end

--- The document for these routes, as JSON; equal routes make equal texts.
function _M.document(routes)
    return members({
        {"openapi", "\"3.1.0\""},
        {
            "info",
            json.encode_sorted(INFO)
        },
        {"servers", "[{\"url\":\"/\"}]"},
        {
            "paths",
            paths(routes)
        },
        {
            "components",
            members({
                {
                    "schemas",
                    members(SCHEMAS)
                },
                {
                    "securitySchemes",
                    json.encode_sorted(SECURITY_SCHEMES)
                }
            })
        }
    })
end
local made

--- GET /lb/openapi.json; made once in each worker.
function _M.openapi(routes)
    made = made or _M.document(routes) .. "\n"
    return {status = 200, body = made, content_type = "application/json"}
end
return _M
