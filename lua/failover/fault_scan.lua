-- Generated from src-ts/failover/fault_scan.ts: edit that file, then run npm run build.
-- Counts what users lose: checks that were missed and checks that two nodes made, from the heartbeat rows.
local _M = {}
local shared_dict = require("lib.shared_dict")
local logger = require("logger")
local beats = require("store.beats")
local ____records = require("failover.records")
local count = ____records.count
local dict = shared_dict.open("health_checker")

--- Looks at the beats since the last scan; the first scan of a leader only finds out where to begin.
function _M.scan()
    local since = shared_dict.get_number(dict, "beats:last_id")
    if since == nil then
        local id, err = beats.last_id()
        if id == nil then
            return nil, err
        end
        shared_dict.set(dict, "beats:last_id", id)
        return true
    end
    local found, err = beats.count_since(since)
    if found == nil then
        return nil, err
    end
    shared_dict.set(dict, "beats:last_id", found.last_id)
    count("beats", found.beats)
    count("missed_checks", found.missed)
    count("duplicate_checks", found.duplicates)
    if found.duplicates > 0 then
        logger.error("FAULT_SCAN", "%d checks were made by two nodes", found.duplicates)
    end
    return true
end

--- A standby's knowledge grows old: the next leader's first scan begins anew.
function _M.forget()
    dict.raw:delete("beats:last_id")
end
return _M
