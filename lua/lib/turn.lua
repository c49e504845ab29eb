-- Generated from src-ts/lib/turn.ts: edit that file, then run npm run build.
-- What only one worker of this load balancer does at a time. A turn ends soon after its worker was killed, and a worker
-- that needs longer renews it.
local _M = {}
local clock = require("lib.clock")
local shared_dict = require("lib.shared_dict")
local dict = shared_dict.open("cluster_control")
--- The turn of the control plane: a round, or what is done by hand.
_M.ROUND = "round"

--- Takes the turn for `ttl` seconds; false when somebody has it, this worker included.
function _M.take(name, ttl)
    return shared_dict.take(
        dict,
        name,
        ngx.worker.pid(),
        ttl
    )
end

--- True while this worker has the turn.
function _M.is_ours(name)
    return shared_dict.get_number(dict, name) == ngx.worker.pid()
end

--- Keeps this worker's turn for `ttl` seconds from now; false when it has none any more.
function _M.renew(name, ttl)
    return _M.is_ours(name) and shared_dict.set(
        dict,
        name,
        ngx.worker.pid(),
        ttl
    )
end

--- Takes the turn or keeps it for `ttl` seconds from now; false when another worker has it.
function _M.keep(name, ttl)
    return _M.take(name, ttl) or _M.renew(name, ttl)
end

--- Gives the turn back, unless it is another worker's by now.
function _M.give_back(name)
    if _M.is_ours(name) then
        dict.raw:delete(name)
    end
end
--- Seconds after which a turn whose worker was killed is over.
local TTL = 3

local function renew_for_ever(name)
    do
        while true do
            ngx.sleep(TTL / 3)
            _M.renew(name, TTL)
        end
    end
end

--- Runs `work` while no other worker has the turn; false when one has, and `work` was not run. Raises what it raises.
function _M.alone(name, work)
    if not _M.take(name, TTL) then
        return false
    end
    local keeper = ngx.thread.spawn(renew_for_ever, name)
    local ok, err = pcall(work)
    ngx.thread.kill(keeper)
    _M.give_back(name)
    if not ok then
        error(err, 0)
    end
    return true
end
--- Seconds for which what somebody waits for waits for its turn, and between two looks.
local PATIENCE = 15
local LOOK = 0.05

--- As alone, but waits for the turn; false when that takes too long, and `work` was not run.
function _M.alone_in_time(name, work)
    local deadline = clock.monotonic() + PATIENCE
    while not _M.alone(name, work) do
        if clock.monotonic() >= deadline then
            return false
        end
        ngx.sleep(LOOK)
    end
    return true
end
return _M
