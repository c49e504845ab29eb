-- Generated from src-ts/metrics/family.ts: edit that file, then run npm run build.
-- Short forms for families: what all of them have in common.
local _M = {}
local PREFIX = "kuma_cluster_"

--- What can go up and down.
function _M.gauge(name, help, samples)
    return {name = PREFIX .. name, type = "gauge", help = help, samples = samples}
end

--- What only grows until the load balancer starts anew.
function _M.counter(name, help, samples)
    return {name = PREFIX .. name, type = "counter", help = help, samples = samples}
end

--- How many fell into which bucket.
function _M.histogram(name, help, values)
    return {
        name = PREFIX .. name,
        type = "histogram",
        help = help,
        samples = {},
        histogram = values
    }
end

--- The samples of a family without labels: true is 1, and what is unknown is left out.
function _M.one(value)
    if value == nil then
        return {}
    end
    return {{
        labels = "",
        value = type(value) == "boolean" and (value and 1 or 0) or value
    }}
end

--- An age out of times that are not all exact to the millisecond.
function _M.in_milliseconds(seconds)
    return math.floor(seconds * 1000 + 0.5) / 1000
end
return _M
