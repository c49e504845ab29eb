-- Generated from src-ts/metrics/control_families.ts: edit that file, then run npm run build.
-- Families of the control plane: what it has checked, found and moved, and whether it is this load balancer that leads.
local _M = {}
local health_check = require("health_check")
local ____family = require("metrics.family")
local counter = ____family.counter
local gauge = ____family.gauge
local one = ____family.one
--- Names of counters -> those of health_check.get_statistics() -> what they count.
local COUNTERS = {
    {"control_rounds_total", "rounds", "Rounds of the control plane, those of a standby included."},
    {"failovers_total", "failovers", "Nodes whose monitors were moved to others because they were offline."},
    {"monitors_moved_total", "monitors_moved", "Monitors moved, for whatever reason."},
    {"node_falls_total", "falls", "Nodes that went offline, those included that failed while they recovered."},
    {"node_flaps_total", "flaps", "Falls so soon after the one before that the node is held back before it may return."},
    {"disputed_falls_total", "disputed_falls", "Nodes that this load balancer did not reach, but probes did."},
    {"partitions_total", "partitions", "Times when so many nodes looked dead at once that nothing was moved."},
    {"corrections_total", "corrections", "Monitors moved again because they did not beat where they had been moved to."},
    {"watch_losses_total", "watch_losses", "Standing connections to nodes that were lost or told of trouble."},
    {"beats_total", "beats", "Beats of monitors that were looked at for being late or double."},
    {"missed_checks_total", "missed_checks", "Checks of monitors that no node has made in time."},
    {"duplicate_checks_total", "duplicate_checks", "Checks made by two nodes, looked for during two minutes after a move."}
}

local function leadership(statistics)
    local ____statistics_leader_0 = statistics.leader
    local is_leader = ____statistics_leader_0.is_leader
    local epoch = ____statistics_leader_0.epoch
    return {
        gauge(
            "is_leader",
            "1 on the load balancer that leads the control plane as far as it knows, 0 on a standby.",
            one(is_leader)
        ),
        gauge(
            "lease_epoch",
            "Epoch of the leader's lease; only the leader has one.",
            one(epoch)
        ),
        gauge(
            "knowledge_age_seconds",
            "Time since a round last read the nodes from the database; only a leader that can act has one.",
            one(statistics.knowledge_age_seconds)
        )
    }
end

--- The families of the control plane.
function _M.control_families()
    local statistics = health_check.get_statistics()
    local ____statistics_last_round_1 = statistics.last_round
    local at = ____statistics_last_round_1.at
    local took_ms = ____statistics_last_round_1.took_ms
    local families = leadership(statistics)
    for ____, ____value in ipairs(COUNTERS) do
        local name = ____value[1]
        local statistic = ____value[2]
        local help = ____value[3]
        table.insert(
            families,
            counter(
                name,
                help,
                one(statistics[statistic])
            )
        )
    end
    local when = "Unix time at which the last round of the control plane ended."
    table.insert(
        families,
        gauge(
            "control_round_last_timestamp_seconds",
            when,
            one(at)
        )
    )
    local duration = "How long the last round of the control plane took."
    table.insert(
        families,
        gauge(
            "control_round_last_duration_seconds",
            duration,
            one(took_ms / 1000)
        )
    )
    return families
end
return _M
