-- Generated from src-ts/api/fixed_node.ts: edit that file, then run npm run build.
-- Handlers of the cookie that pins a browser to one node: JSON for programs, pages for a person.
local _M = {}
local client = require("lib.client")
local clock = require("lib.clock")
local ____time_text = require("lib.time_text")
local iso_time = ____time_text.iso_time
local monitor_router = require("monitor_router")
local ____page = require("api.page")
local page = ____page.page
local ____request = require("api.request")
local invalid = ____request.invalid
local ____respond = require("api.respond")
local failure = ____respond.failure
local ok = ____respond.ok
local with_cookie = ____respond.with_cookie
local ____view = require("api.view")
local cluster_state = ____view.cluster_state
local not_ready = ____view.not_ready
local WEEK = 604800
local SHORTEST = 60
local LONGEST = 31536000

local function set(node_id, seconds, done)
    local is_https = client.current().scheme == "https"
    local cookie, refusal, err = monitor_router.pin_to_node(node_id, seconds, is_https)
    if cookie ~= nil then
        return with_cookie(
            done(),
            cookie
        )
    end
    if refusal == nil then
        return not_ready(err or "no node is known")
    end
    return refusal == "unknown_node" and failure(400, "unknown_node", ("There is no node " .. node_id) .. ".") or failure(400, "node_not_online", node_id .. " is not online: requests cannot be pinned to it.")
end

--- POST /lb/set-fixed-node
function _M.set_fixed_node(request)
    local ____request_body_0 = request.body
    local node = ____request_body_0.node
    local expires = ____request_body_0.expires
    if expires == nil then
        expires = WEEK
    end
    if type(node) ~= "string" or node == "" then
        return invalid("node", "the id of a node")
    end
    local seconds = type(expires) == "number" and math.floor(expires) == expires and expires or 0
    if seconds < SHORTEST or seconds > LONGEST then
        return invalid(
            "expires",
            (("a whole number of seconds from " .. tostring(SHORTEST)) .. " to ") .. tostring(LONGEST)
        )
    end
    return set(
        node,
        seconds,
        function()
            local body = {
                node = node,
                expires = seconds,
                expires_at = iso_time(clock.now() + seconds) or ""
            }
            return ok(body)
        end
    )
end

--- POST /lb/clear-fixed-node
function _M.clear_fixed_node()
    local body = {cleared = true}
    return with_cookie(
        ok(body),
        monitor_router.CLEARED_FIXED_NODE
    )
end

--- GET /lb/fixed-node-status
function _M.fixed_node_status()
    local status, err = monitor_router.get_cluster_status()
    if status == nil then
        return not_ready(err)
    end
    local fixed, fixed_err = monitor_router.get_fixed_node()
    if fixed == nil then
        return not_ready(fixed_err)
    end
    local ____cluster_state_result_1 = cluster_state(status)
    local state = ____cluster_state_result_1.state
    local online = ____cluster_state_result_1.online
    local body = {
        has_fixed_node = fixed.has_cookie,
        current_node = fixed.node_id,
        is_valid = fixed.node_id ~= nil,
        routed_to = fixed.routed_to,
        cluster_status = {status = state, online_nodes = online, total_nodes = #status.nodes}
    }
    if fixed.invalid_reason ~= nil then
        body.invalid_reason = fixed.invalid_reason
    end
    return ok(body)
end
local SET_WORDS = {en = {title = "You are on {node} now", text = "For 7 days all requests of this browser go to {node}. When that node goes offline you are back to load balancing by yourself.", links = {{"/", "Open Uptime Kuma"}, {"/lb/clear-fixed-node", "Back to load balancing"}}}, zh = {title = "目前固定使用節點 {node}", text = "接下來 7 天，此瀏覽器的所有請求都會送往 {node}。若該節點離線，系統會自動恢復負載平衡。", links = {{"/", "開啟 Uptime Kuma"}, {"/lb/clear-fixed-node", "恢復負載平衡"}}}}
local REFUSED_WORDS = {en = {title = "{node} cannot be chosen", text = "There is no such node, or it is not online. Nothing has changed.", links = {{"/lb/", "All nodes"}, {"/", "Open Uptime Kuma"}}}, zh = {title = "無法選擇節點 {node}", text = "此節點不存在或目前不在線上，設定沒有變更。", links = {{"/lb/", "所有節點"}, {"/", "開啟 Uptime Kuma"}}}}
local CLEARED_WORDS = {en = {title = "Load balancing is back", text = "Requests of this browser go to the node with the fewest monitors again.", links = {{"/", "Open Uptime Kuma"}, {"/lb/", "All nodes"}}}, zh = {title = "已恢復負載平衡", text = "此瀏覽器的請求將再次送往監控項目最少的節點。", links = {{"/", "開啟 Uptime Kuma"}, {"/lb/", "所有節點"}}}}

--- GET /lb/fixed-node/{node}: the same as a page.
function _M.fixed_node_page(request)
    local node = request.parameter
    local answer = set(
        node,
        WEEK,
        function() return page(200, SET_WORDS, {node = node}) end
    )
    return answer.status == 400 and page(400, REFUSED_WORDS, {node = node}) or answer
end

--- GET /lb/clear-fixed-node
function _M.clear_fixed_node_page()
    return with_cookie(
        page(200, CLEARED_WORDS, {}),
        monitor_router.CLEARED_FIXED_NODE
    )
end
return _M
