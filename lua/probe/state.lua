-- Generated from src-ts/probe/state.ts: edit that file, then run npm run build.
-- What a probe knows, in shared memory: it outlives a reload and a killed worker, not the end of nginx.
local _M = {}
local shared_dict = require("lib.shared_dict")
--- The one worker that checks and talks to the leader has it.
_M.TURN = "probe_turn"
local NAME = "cluster_probe"
local opened

local function open()
    local dict = shared_dict.open(NAME)
    for ____, counter in ipairs({"last", "sent", "dropped"}) do
        dict.raw:safe_add(counter, 0)
    end
    return dict
end

--- Other modes need no such memory in nginx.conf. What is set here must not drop anything else: see set_safely.
function _M.memory()
    if opened == nil then
        opened = open()
    end
    return opened
end

--- What the leader calls our registration; nil before it.
function _M.session()
    return shared_dict.get_text(
        _M.memory(),
        "session"
    )
end

--- Nil: we have to register anew.
function _M.set_session(value)
    if value == nil then
        _M.memory().raw:delete("session")
    else
        shared_dict.set_safely(
            _M.memory(),
            "session",
            value
        )
    end
end

--- What the leader last said, or why it could not be asked.
function _M.leader_error()
    return shared_dict.get_text(
        _M.memory(),
        "leader_error"
    )
end

--- Returns false when it was that already.
function _M.set_leader_error(value)
    if _M.leader_error() == value then
        return false
    end
    if value == nil then
        _M.memory().raw:delete("leader_error")
    else
        shared_dict.set_safely(
            _M.memory(),
            "leader_error",
            value
        )
    end
    return true
end
return _M
