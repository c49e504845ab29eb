--- busted helper: names the test that starts to the process that started the run, so that it can cut one that hangs.
local busted = require("busted")
local control = require("support.control")

local function full_name(element)
    local names = {}
    while element and element.name do
        table.insert(names, 1, element.name)
        element = busted.parent(element)
    end
    return table.concat(names, " ")
end

busted.subscribe({ "test", "start" }, function(element)
    control.call("progress", { test = full_name(element) })
    return nil, true
end)
