-- Generated from src-ts/lib/shared_dict.ts: edit that file, then run npm run build.
-- Shared dictionaries with errors logged once here: a full dict or a missing one must not break a request.
local _M = {}
local logger = require("logger")
local clock = require("lib.clock")
local evictions = require("lib.evictions")
--- Bytes below which a dictionary cannot be relied on: its memory is parted into pages for values of one size each, and
-- without a page for its size a value finds no room whatever is dropped for it.
local LEAST_CAPACITY = 65536

--- The dict of that name; raises when nginx does not declare it or makes it too small, which stops the start.
function _M.open(name)
    local raw = ngx.shared[name]
    if raw == nil then
        return error(("lua_shared_dict " .. name) .. " is missing in the nginx configuration", 0)
    end
    if raw:capacity() < LEAST_CAPACITY then
        return error(("lua_shared_dict " .. name) .. " is too small in the nginx configuration: it takes 64k at least", 0)
    end
    return {name = name, raw = raw}
end

--- The text under the key, or nil.
function _M.get_text(dict, key)
    local value = dict.raw:get(key)
    local ____temp_0
    if value == nil then
        ____temp_0 = nil
    else
        ____temp_0 = tostring(value)
    end
    return ____temp_0
end

--- The number under the key, or nil.
function _M.get_number(dict, key)
    local value = dict.raw:get(key)
    return tonumber(value)
end
--- Seconds between two lines of one worker about a full dictionary: one drops keys with every write.
local QUIET = 60
local told_at = {}

--- True for what has not been told for a while.
local function is_news(what)
    local now = clock.monotonic()
    local last = told_at[what]
    if last ~= nil and now - last < QUIET then
        return false
    end
    told_at[what] = now
    return true
end

--- Counts a write that dropped other keys, and warns of it now and then.
local function note_eviction(dict, key)
    evictions.note(dict.name)
    if is_news(dict.name) then
        logger.warn("SHARED_DICT", "%s is full: other keys were dropped for %s", dict.name, key)
    end
end

local function note_failure(dict, key, err)
    if is_news((dict.name .. " ") .. tostring(err)) then
        logger.error(
            "SHARED_DICT",
            "cannot set %s in %s: %s",
            key,
            dict.name,
            err
        )
    end
end

--- Sets the key for `ttl` seconds (0: for ever). False when the dict has no room even after evicting.
function _M.set(dict, key, value, ttl)
    if ttl == nil then
        ttl = 0
    end
    local ok, err, forcible = dict.raw:set(key, value, ttl)
    if not ok then
        note_failure(dict, key, err)
        return false
    end
    if forcible then
        note_eviction(dict, key)
    end
    return true
end

--- Like set, but drops no other key for it: false, without a word in the log, when there is no room.
function _M.set_safely(dict, key, value, ttl)
    if ttl == nil then
        ttl = 0
    end
    local ok = dict.raw:safe_set(key, value, ttl)
    return ok == true
end

--- Takes the key for `ttl` seconds if nobody has it: true for the one who got it. Atomic across workers.
function _M.take(dict, key, value, ttl)
    local taken, err, forcible = dict.raw:add(key, value, ttl)
    if forcible then
        note_eviction(dict, key)
    end
    if not taken and err ~= "exists" then
        note_failure(dict, key, err)
    end
    return taken
end

--- Adds to a counter that starts from 0; returns the new value, or 0 when the dict is full.
function _M.increment(dict, key, by)
    if by == nil then
        by = 1
    end
    local value, err, forcible = dict.raw:incr(key, by, 0)
    if forcible == true then
        note_eviction(dict, key)
    end
    if value == nil then
        note_failure(dict, key, err)
        return 0
    end
    return value
end
return _M
