--- Generated cases: what must hold of all of them. TEST_PROPERTY_SEED=<number> makes the same cases again,
--- TEST_PROPERTY_RUNS=<number> more or fewer of them.
local _M = {}

local SEED = tonumber(os.getenv("TEST_PROPERTY_SEED")) or ngx.time() % 1000000
local RUNS = tonumber(os.getenv("TEST_PROPERTY_RUNS")) or 200
local LARGEST = 40

--- Numbers after Park and Miller: 48271 times a number below 2^31 is exact in a double.
local function new_random(seed)
    local state = seed % 2147483646 + 1
    local random = {}

    --- A whole number, both ends included.
    function random.whole(from, to)
        state = state * 48271 % 2147483647
        return from + state % (to - from + 1)
    end

    function random.one(list)
        return list[random.whole(1, #list)]
    end

    function random.is_true()
        return random.whole(0, 1) == 1
    end

    --- From none to `most` items, each made by `make(index)`.
    function random.list(most, make)
        local list = {}
        for index = 1, random.whole(0, most) do
            list[index] = make(index)
        end
        return list
    end

    --- The same items in another order.
    function random.shuffled(list)
        local shuffled = { unpack(list) }
        for index = #shuffled, 2, -1 do
            local other = random.whole(1, index)
            shuffled[index], shuffled[other] = shuffled[other], shuffled[index]
        end
        return shuffled
    end

    for _ = 1, 10 do
        random.whole(0, 1)
    end
    return random
end

--- What is wrong with the case of that seed and size; nil when nothing is.
local function fault(seed, size, generate, holds)
    local random = new_random(seed)
    local case = generate(random, size)
    local ok, err = pcall(holds, case, random)
    return not ok and { size = size, case = case, err = err } or nil
end

--- Has `generate(random, size)` make cases, small ones first, and asserts that `holds(case, random)` raises for none. Of
--- one that fails a smaller one is looked for by halving its size.
function _M.check(generate, holds)
    for run = 1, RUNS do
        local seed = SEED * 1000 + run
        local found = fault(seed, math.ceil(LARGEST * run / RUNS), generate, holds)
        local smaller = found
        while smaller ~= nil and smaller.size > 1 do
            found = smaller
            smaller = fault(seed, math.floor(found.size / 2), generate, holds)
        end
        found = smaller or found
        if found ~= nil then
            local err = type(found.err) == "table" and found.err.message or found.err
            local case = require("cjson").new().encode(found.case)
            error(("TEST_PROPERTY_SEED=%d, run %d, size %d: %s\n%s"):format(SEED, run, found.size, tostring(err), case), 2)
        end
    end
end

return _M
