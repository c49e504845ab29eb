-- Generated from src-ts/routing/snapshot.ts: edit that file, then run npm run build.
-- The picture of nodes and loads that requests are routed by. It is read from the database in the background by one
-- worker at a time, published in a shared dict and decoded once by each worker. A request waits for the database only
-- when there is no picture at all, when the settings ask for a query per request, or for a moment when its node has just
-- failed; a stale picture beats none.
local _M = {}
local config = require("config")
local clock = require("lib.clock")
local json = require("lib.json")
local shared_dict = require("lib.shared_dict")
local worker_timer = require("lib.worker_timer")
local logger = require("logger")
local store_version = require("store.version")
local outage = require("routing.outage")
local ____picture = require("routing.picture")
local encode_picture = ____picture.encode_picture
local read_picture = ____picture.read_picture
local to_snapshot = ____picture.to_snapshot
--- How long the one who reads the database may take before another may try, in seconds.
local TURN_SECONDS = math.ceil(config.database.timeout / 1000) * 2
--- Seconds for which a request waits for the picture after a change, and between two looks.
local PATIENCE = 0.5
local LOOK = 0.01
local dict = shared_dict.open("monitor_routing")
local copy
--- Time of the event loop when a request last looked for a newer picture.
local looked_at = -1

local function published_version()
    return shared_dict.get_number(dict, "published") or 0
end

local function publish(picture)
    if shared_dict.set(
        dict,
        "snapshot",
        encode_picture(picture)
    ) then
        copy = to_snapshot(
            picture,
            shared_dict.increment(dict, "published")
        )
    else
        copy = to_snapshot(
            picture,
            published_version()
        )
    end
end

--- Reads the database and publishes what it says.
function _M.refresh()
    local picture, err = read_picture()
    if picture == nil then
        outage.note_failure(err)
        return nil, err
    end
    outage.note_success()
    publish(picture)
    return copy
end

--- Reads the database unless another worker is at it.
function _M.refresh_in_turn()
    if not shared_dict.take(
        dict,
        "refreshing",
        ngx.worker.pid(),
        TURN_SECONDS
    ) then
        return
    end
    local ok, err = pcall(_M.refresh)
    dict.raw:delete("refreshing")
    if not ok then
        logger.error("ROUTER", "cannot refresh the routing snapshot: %s", err)
    end
end

--- Has the database read in the background unless somebody is at it.
local function refresh_soon()
    if (dict.raw:get("refreshing")) == nil then
        worker_timer.soon("snapshot", _M.refresh_in_turn)
    end
end

local function latest_copy()
    local published = published_version()
    if copy ~= nil and copy.published == published then
        return copy
    end
    local text = shared_dict.get_text(dict, "snapshot")
    if text == nil then
        return copy
    end
    local picture, err = json.decode(text)
    if picture == nil then
        logger.error("ROUTER", "cannot read the shared snapshot: %s", err)
        return copy
    end
    copy = to_snapshot(picture, published)
    return copy
end

--- Keeps the picture fresh: of the workers that call this every TTL, one reads the database.
function _M.renew()
    local snapshot = latest_copy()
    local ttl = config.routing.snapshot_ttl
    if snapshot == nil or math.abs(clock.now() - snapshot.loaded_at) > ttl * 0.8 then
        _M.refresh_in_turn()
    end
end

--- For the first requests of all: reads the database, or waits for the worker that does.
local function first_snapshot()
    local deadline = clock.monotonic() + TURN_SECONDS
    repeat
        do
            if outage.may_try() then
                _M.refresh_in_turn()
            end
            local snapshot = latest_copy()
            if snapshot ~= nil then
                return snapshot
            end
            if (dict.raw:get("refreshing")) == nil then
                break
            end
            ngx.sleep(0.05)
        end
    until not (clock.monotonic() < deadline)
    return nil, outage.cause() or "no routing snapshot yet"
end

--- A node has changed since it was read.
local function is_behind(snapshot)
    return snapshot.store_version < store_version.current()
end

local function is_outdated(snapshot)
    return math.abs(clock.now() - snapshot.loaded_at) > config.routing.snapshot_ttl * 2 or is_behind(snapshot)
end

--- The picture to route by, or nil and the reason why there is none.
function _M.current()
    local now = clock.now()
    if copy ~= nil and now == looked_at then
        return copy
    end
    if config.routing.snapshot_ttl == 0 then
        local fresh = _M.refresh()
        if fresh ~= nil then
            return fresh
        end
    end
    local snapshot = latest_copy()
    if snapshot == nil then
        return first_snapshot()
    end
    if is_outdated(snapshot) and outage.may_try() then
        refresh_soon()
    end
    looked_at = config.routing.snapshot_ttl == 0 and -1 or now
    return snapshot
end

--- Waits until the picture is none of before a change: for a moment, and not at all while the database is known to be away.
local function catch_up()
    local deadline = clock.monotonic() + PATIENCE
    local snapshot = latest_copy()
    while snapshot ~= nil and is_behind(snapshot) and outage.cause() == nil do
        if clock.monotonic() > deadline then
            return
        end
        refresh_soon()
        ngx.sleep(LOOK)
        snapshot = latest_copy()
    end
end

--- The picture for a status page: after a change of ours it is read anew before the page is made.
function _M.latest()
    catch_up()
    return _M.current()
end

--- The picture for a request whose node has just failed: another load balancer may know of one that is online by now.
function _M.after_failure()
    catch_up()
    return latest_copy()
end

--- The picture without any wait, for status pages; nil when there is none.
function _M.peek()
    return latest_copy()
end
return _M
