-- Generated from src-ts/placement/stock.ts: edit that file, then run npm run build.
-- The monitors that a node can give away, by how often they are checked: pure.
local _M = {}
--- Checks in a billion seconds: whole numbers add up to the same sum in any order.
local PERIOD = 1000000000

--- What a monitor with that interval in seconds weighs.
function _M.rate_of(interval)
    return math.floor(PERIOD / math.max(interval, 1) + 0.5)
end

--- An empty stock.
function _M.new_stock()
    return {rates = {}, ids = {}}
end

--- How many of the rates are not above `limit`.
local function count_up_to(rates, limit)
    local low = 0
    local high = #rates
    while low < high do
        local middle = math.floor((low + high) / 2)
        if rates[middle + 1] <= limit then
            low = middle + 1
        else
            high = middle
        end
    end
    return low
end

--- Adds a monitor.
function _M.add(stock, rate, id)
    local ids = stock.ids[rate]
    if ids ~= nil then
        table.insert(ids, id)
        return
    end
    stock.ids[rate] = {id}
    table.insert(
        stock.rates,
        count_up_to(stock.rates, rate) + 1,
        rate
    )
end

--- Takes out the monitor of that rate that came last; there must be one.
function _M.take(stock, rate)
    local ids = stock.ids[rate] or ({})
    local id = table.remove(ids)
    if #ids == 0 then
        stock.ids[rate] = nil
        table.remove(
            stock.rates,
            count_up_to(stock.rates, rate)
        )
    end
    return id
end

--- The rate closest to half of the difference between two nodes, among those that make them more even; of two that are
-- equally close the greater one, which leaves less to move. nil when there is none.
function _M.best_rate(stock, difference)
    local half = difference / 2
    local count = count_up_to(stock.rates, half)
    local below = stock.rates[count]
    local above = stock.rates[count + 1]
    if above == nil or above >= difference then
        return below
    end
    return (below == nil or above - half <= half - below) and above or below
end
return _M
