-- Generated from src-ts/probe/buffer.ts: edit that file, then run npm run build.
-- Results that the leader has not got yet, oldest first, up to LIMIT of them. Their numbers go on for as long as nginx
-- runs, whichever session they are sent in. Several workers may add at the same time, while one takes over from another.
local _M = {}
local clock = require("lib.clock")
local json = require("lib.json")
local shared_dict = require("lib.shared_dict")
local logger = require("logger")
local ____state = require("probe.state")
local memory = ____state.memory
_M.LIMIT = 10000
--- Oldest results that are dropped at once when there is no memory for a new one.
local DROP_STEP = 20

local function number_of(key)
    return shared_dict.get_number(
        memory(),
        key
    ) or 0
end

local function key_of(seq)
    return "result:" .. string.format("%d", seq)
end

--- Numbers never go back, though another worker may have been faster.
local function raise(key, value)
    if number_of(key) < value then
        shared_dict.set_safely(
            memory(),
            key,
            value
        )
    end
end

--- Forgets the results up to this number.
function _M.drop_through(seq)
    for number = number_of("sent") + 1, seq do
        memory().raw:delete(key_of(number))
    end
    raise("sent", seq)
end

local function drop_oldest(count)
    if shared_dict.increment(
        memory(),
        "dropped",
        count
    ) == count then
        logger.error("PROBE", "%d results wait for the leader: from now on the oldest are dropped", _M.LIMIT)
    end
    _M.drop_through(number_of("sent") + count)
end

--- How many wait.
function _M.count()
    return number_of("last") - number_of("sent")
end

--- Keeps a result; when there are too many, or is no memory, the oldest go.
function _M.append(result)
    local text = json.encode(result)
    local seq = number_of("last") + 1
    do
        while true do
            local added, err = memory().raw:safe_add(
                key_of(seq),
                text
            )
            if added == true then
                break
            end
            if err == "exists" then
                seq = seq + 1
            elseif _M.count() > 0 then
                drop_oldest(math.min(
                    DROP_STEP,
                    _M.count()
                ))
            else
                logger.error("PROBE", "cannot keep a result: %s", err)
                return
            end
        end
    end
    raise("last", seq)
    if _M.count() > _M.LIMIT then
        drop_oldest(_M.count() - _M.LIMIT)
    end
end

--- The oldest results, `most` at most, with their ages as of now.
function _M.peek(most)
    local results = {}
    local now = clock.monotonic()
    local last = number_of("last")
    local seq = number_of("sent") + 1
    while seq <= last and #results < most do
        local kept = json.decode(shared_dict.get_text(
            memory(),
            key_of(seq)
        ) or "")
        if kept ~= nil then
            local ____kept_0 = kept
            local check_id = ____kept_0.check_id
            local status = ____kept_0.status
            local at = ____kept_0.at
            local ping_ms = ____kept_0.ping_ms
            local message = ____kept_0.message
            local revision = ____kept_0.revision
            local age_ms = math.max(
                0,
                math.floor((now - at) * 1000)
            )
            table.insert(results, {
                seq = seq,
                check_id = check_id,
                status = status,
                age_ms = age_ms,
                message = message,
                ping_ms = ping_ms,
                revision = revision
            })
        end
        seq = seq + 1
    end
    if _M.count() == 0 or #results > 0 then
        return results
    end
    _M.drop_through(last)
    return results
end

--- Called when all was sent: the next loss is told anew.
function _M.note_empty()
    local dropped = number_of("dropped")
    if dropped > 0 then
        logger.warn("PROBE", "the leader has all results again, but for %d that were dropped", dropped)
        shared_dict.set_safely(
            memory(),
            "dropped",
            0
        )
    end
end
return _M
