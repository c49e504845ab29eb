-- Generated from src-ts/store/vote_pruning.ts: edit that file, then run npm run build.
-- Takes away what probes said that is too old, or about, or of, what is gone.
local _M = {}
local db = require("db")
local ____schema = require("store.schema")
local COMPARABLE_NODE_ID = ____schema.COMPARABLE_NODE_ID
--- Seconds that results are kept.
local KEEP_SECONDS = 3 * 3600
--- Rows that go at once, and how many times: more than come between two times, whatever there is to check.
local PRUNED_AT_ONCE = 5000
local PRUNE_STEPS = 100

local function prune_results()
    local steps = PRUNE_STEPS
    while steps > 0 do
        steps = steps - 1
        local done, err = db.query((("DELETE FROM probe_result WHERE received_at < NOW(6) - INTERVAL " .. tostring(KEEP_SECONDS)) .. " SECOND LIMIT ") .. tostring(PRUNED_AT_ONCE))
        if done == nil then
            return nil, "cannot prune results: " .. err
        end
        if done.affected_rows < PRUNED_AT_ONCE then
            break
        end
    end
    return true
end
local ORPHANS = {"DELETE v FROM probe_vote v LEFT JOIN probe p ON p.probe_id = v.probe_id" .. " LEFT JOIN probe_check c ON c.id = v.check_id WHERE p.probe_id IS NULL OR c.id IS NULL", "DELETE v FROM probe_node_vote v LEFT JOIN probe p ON p.probe_id = v.probe_id" .. (" LEFT JOIN node n ON " .. COMPARABLE_NODE_ID) .. " = v.node_id WHERE p.probe_id IS NULL OR n.node_id IS NULL"}

--- Drops results that are too old to be of interest, and votes of probes, for checks and about nodes, that are gone.
function _M.prune()
    local pruned, err = prune_results()
    if pruned == nil then
        return nil, err
    end
    for ____, statement in ipairs(ORPHANS) do
        local done, vote_err = db.query(statement)
        if done == nil then
            return nil, "cannot prune votes: " .. vote_err
        end
    end
    return true
end
return _M
