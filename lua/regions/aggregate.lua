-- Generated from src-ts/regions/aggregate.ts: edit that file, then run npm run build.
-- What the results of several probes come to together: pure functions.
local _M = {}
local ____text = require("lib.text")
local shorten = ____text.shorten
local LONGEST_MESSAGE = 250
--- Intervals after which a vote counts no more.
local FRESH_INTERVALS = 3

--- Seconds for which a result counts that is made every `interval` seconds and takes `timeout_ms` at most.
function _M.fresh_for(interval, timeout_ms)
    return interval * FRESH_INTERVALS + timeout_ms / 1000
end

local function is_down(down, total, ____bindingPattern0)
    local quorum
    local strategy
    strategy = ____bindingPattern0.strategy
    quorum = ____bindingPattern0.quorum
    if quorum ~= nil then
        return down >= quorum
    end
    if strategy == "any-down" then
        return down > 0
    end
    local ____temp_0
    if strategy == "majority-down" then
        ____temp_0 = down * 2 > total
    else
        ____temp_0 = down == total
    end
    return ____temp_0
end

local function median(values)
    if #values == 0 then
        return nil
    end
    table.sort(values)
    local middle = math.floor(#values / 2)
    local upper = values[middle + 1]
    return #values % 2 == 1 and upper or (values[middle] + upper) / 2
end

local function place(ballot)
    return ballot.region == "" and ballot.probe_id or ballot.region
end

--- "regions" when no two of them are in the same one, else "probes".
local function unit(ballots)
    local seen = {}
    for ____, ballot in ipairs(ballots) do
        if ballot.region == "" or seen[ballot.region] == true then
            return "probes"
        end
        seen[ballot.region] = true
    end
    return "regions"
end

local function sentence(verdict, counted, down)
    if verdict == "unknown" then
        return "no probe has a result that is new enough"
    end
    local total = #counted
    if down == 0 then
        return (((("up in " .. tostring(total)) .. " of ") .. tostring(total)) .. " ") .. unit(counted)
    end
    local causes = {}
    for ____, ballot in ipairs(counted) do
        if ballot.vote == "down" then
            table.insert(
                causes,
                (place(ballot) .. ": ") .. ballot.message
            )
        end
    end
    return shorten(
        (((((("down in " .. tostring(down)) .. " of ") .. tostring(total)) .. " ") .. unit(counted)) .. ": ") .. table.concat(causes, "; "),
        LONGEST_MESSAGE
    )
end

local function by_place(a, b)
    local ____temp_1
    if a.region == b.region then
        ____temp_1 = a.probe_id < b.probe_id
    else
        ____temp_1 = a.region < b.region
    end
    return ____temp_1
end

--- The votes that count: fresh, and no abstentions; in the order of their places. One from the future is of a clock that was
-- set back since, and counts for no longer than others.
local function countable(ballots, fresh)
    local counted = {}
    for ____, ballot in ipairs(ballots) do
        if ballot.vote ~= "abstain" and math.abs(ballot.age) <= fresh then
            table.insert(counted, ballot)
        end
    end
    table.sort(counted, by_place)
    return counted
end

local function decide(down, total, rule)
    local is_undecided = total == 0 or rule.quorum ~= nil and down == total and down < rule.quorum
    if is_undecided then
        return "unknown"
    end
    return is_down(down, total, rule) and "down" or "up"
end

--- The verdict of those votes that are fresh and are no abstentions. Without any it is unknown, never up. With a quorum k it is
-- down when k say so, and unknown while fewer than k have a say and none of them says up.
function _M.aggregate(ballots, rule)
    local counted = countable(ballots, rule.fresh)
    local pings = {}
    local down = 0
    for ____, ____value in ipairs(counted) do
        local vote = ____value.vote
        local ping_ms = ____value.ping_ms
        if vote == "down" then
            down = down + 1
        elseif ping_ms ~= nil then
            table.insert(pings, ping_ms)
        end
    end
    local total = #counted
    local verdict = decide(down, total, rule)
    return {
        verdict = verdict,
        message = sentence(verdict, counted, down),
        ping_ms = median(pings),
        up = total - down,
        down = down
    }
end
return _M
