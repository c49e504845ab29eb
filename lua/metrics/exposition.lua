-- Generated from src-ts/metrics/exposition.ts: edit that file, then run npm run build.
-- Families of metrics in the text format 0.0.4 of Prometheus. Pure: values in, text out.
local _M = {}
local ____utf8 = require("lib.utf8")
local to_utf8 = ____utf8.to_utf8
--- Of the answer; by version of the text format.
_M.CONTENT_TYPE = "text/plain; version=0.0.4"
local ESCAPES = {["\\"] = "\\\\", ["\""] = "\\\"", ["\n"] = "\\n"}

--- One byte that is no UTF-8 would spoil the whole scrape.
local function escape(value)
    local escaped = string.gsub(
        to_utf8(value),
        "[\\\"\n]",
        ESCAPES
    )
    return (string.gsub(escaped, "%c", "?"))
end

--- Labels out of names and values in turn: labels("node", "node1") is `node="node1"`. Values may be any text.
function _M.labels(...)
    local ____pairs = {...}
    local parts = {}
    for index = 0, #____pairs - 1, 2 do
        table.insert(
            parts,
            ((tostring(____pairs[index + 1]) .. "=\"") .. escape(____pairs[index + 1 + 1] or "")) .. "\""
        )
    end
    return table.concat(parts, ",")
end

local function number(value)
    if value ~= value then
        return "NaN"
    end
    if value == math.huge or value == -math.huge then
        return value > 0 and "+Inf" or "-Inf"
    end
    return string.format("%.15g", value)
end

local function line(name, label_text, value)
    local braces = label_text == "" and "" or ("{" .. label_text) .. "}"
    return ((name .. braces) .. " ") .. number(value)
end

local function add_histogram(lines, name, ____bindingPattern0)
    local sum
    local counts
    local bounds
    bounds = ____bindingPattern0.bounds
    counts = ____bindingPattern0.counts
    sum = ____bindingPattern0.sum
    local total = 0
    for index = 0, #bounds do
        total = total + (counts[index + 1] or 0)
        table.insert(
            lines,
            line(
                name .. "_bucket",
                _M.labels(
                    "le",
                    number(bounds[index + 1] or math.huge)
                ),
                total
            )
        )
    end
    table.insert(
        lines,
        line(name .. "_sum", "", sum)
    )
    table.insert(
        lines,
        line(name .. "_count", "", total)
    )
end

local function add_family(lines, ____bindingPattern0)
    local histogram
    local samples
    local help
    local ____type
    local name
    name = ____bindingPattern0.name
    ____type = ____bindingPattern0.type
    help = ____bindingPattern0.help
    samples = ____bindingPattern0.samples
    histogram = ____bindingPattern0.histogram
    if histogram == nil and #samples == 0 then
        return
    end
    local help_text = string.gsub(help, "[\\\n]", ESCAPES)
    table.insert(lines, (("# HELP " .. name) .. " ") .. help_text)
    table.insert(lines, (("# TYPE " .. name) .. " ") .. ____type)
    for ____, ____value in ipairs(samples) do
        local label_text = ____value.labels
        local value = ____value.value
        table.insert(
            lines,
            line(name, label_text, value)
        )
    end
    if histogram ~= nil then
        add_histogram(lines, name, histogram)
    end
end

--- The text of a scrape. A family without a sample is left out.
function _M.render(families)
    local lines = {}
    for ____, family in ipairs(families) do
        add_family(lines, family)
    end
    table.insert(lines, "")
    return table.concat(lines, "\n")
end
return _M
