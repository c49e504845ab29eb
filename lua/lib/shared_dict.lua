-- Generated from src-ts/lib/shared_dict.ts: edit that file, then run npm run build.
-- Shared dictionaries with errors logged once here: a full dict or a missing one must not break a request.
local _M = {}
local logger = require("logger")

--- The dict of that name; raises when nginx does not declare it, which stops the start.
function _M.open(name)
    local raw = ngx.shared[name]
    if raw == nil then
        return error(("lua_shared_dict " .. name) .. " is missing in the nginx configuration", 0)
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

--- Sets the key for `ttl` seconds (0: for ever). False when the dict has no room even after evicting.
function _M.set(dict, key, value, ttl)
    if ttl == nil then
        ttl = 0
    end
    local ok, err, forcible = dict.raw:set(key, value, ttl)
    if not ok then
        logger.error(
            "SHARED_DICT",
            "cannot set %s in %s: %s",
            key,
            dict.name,
            err
        )
        return false
    end
    if forcible then
        logger.warn("SHARED_DICT", "%s is full: other keys were dropped for %s", dict.name, key)
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
    return (dict.raw:add(key, value, ttl))
end

--- Adds to a counter that starts from 0; returns the new value, or 0 when the dict is full.
function _M.increment(dict, key, by)
    if by == nil then
        by = 1
    end
    local value, err = dict.raw:incr(key, by, 0)
    if value == nil then
        logger.error(
            "SHARED_DICT",
            "cannot count %s in %s: %s",
            key,
            dict.name,
            err
        )
        return 0
    end
    return value
end
return _M
