/* Handlers of the cookie that pins a browser to one node: JSON for programs, pages for a person. */
import * as client from "../lib/client";
import * as clock from "../lib/clock";
import { iso_time } from "../lib/time_text";
import * as monitor_router from "../monitor_router";
import { page } from "./page";
import type { Language, Words } from "./page";
import { invalid } from "./request";
import type { Request } from "./request";
import { failure, ok, with_cookie } from "./respond";
import type { Answer } from "./respond";
import { cluster_state, not_ready } from "./view";

const WEEK = 604800;
const SHORTEST = 60;
const LONGEST = 31536000;

function set(node_id: string, seconds: number, done: () => Answer): Answer {
    const is_https = client.current().scheme === "https";
    const [cookie, refusal, err] = monitor_router.pin_to_node(node_id, seconds, is_https);
    if (cookie !== undefined) {
        return with_cookie(done(), cookie);
    }
    if (refusal === undefined) {
        return not_ready(err ?? "no node is known");
    }
    return refusal === "unknown_node"
        ? failure(400, "unknown_node", `There is no node ${node_id}.`)
        : failure(400, "node_not_online", `${node_id} is not online: requests cannot be pinned to it.`);
}

/** POST /lb/set-fixed-node */
export function set_fixed_node(request: Request): Answer {
    const { node, expires = WEEK } = request.body;
    if (typeof node !== "string" || node === "") {
        return invalid("node", "the id of a node");
    }
    const seconds = typeof expires === "number" && math.floor(expires) === expires ? expires : 0;
    if (seconds < SHORTEST || seconds > LONGEST) {
        return invalid("expires", `a whole number of seconds from ${SHORTEST} to ${LONGEST}`);
    }
    return set(node, seconds, () => {
        const body: SetFixedNodeBody = {
            node,
            expires: seconds,
            expires_at: iso_time(clock.now() + seconds) ?? "",
        };
        return ok(body);
    });
}

/** POST /lb/clear-fixed-node */
export function clear_fixed_node(): Answer {
    const body: ClearFixedNodeBody = { cleared: true };
    return with_cookie(ok(body), monitor_router.CLEARED_FIXED_NODE);
}

/** GET /lb/fixed-node-status */
export function fixed_node_status(): Answer {
    const [status, err] = monitor_router.get_cluster_status();
    if (status === undefined) {
        return not_ready(err);
    }
    const [fixed, fixed_err] = monitor_router.get_fixed_node();
    if (fixed === undefined) {
        return not_ready(fixed_err);
    }
    const { state, online } = cluster_state(status);
    const body: FixedNodeStatusBody = {
        has_fixed_node: fixed.has_cookie,
        current_node: fixed.node_id,
        is_valid: fixed.node_id !== undefined,
        routed_to: fixed.routed_to,
        cluster_status: { status: state, online_nodes: online, total_nodes: status.nodes.length },
    };
    if (fixed.invalid_reason !== undefined) {
        body.invalid_reason = fixed.invalid_reason;
    }
    return ok(body);
}

const SET_WORDS: Record<Language, Words> = {
    en: {
        title: "You are on {node} now",
        text: "For 7 days all requests of this browser go to {node}. When that node goes offline you are back to load balancing by yourself.",
        links: [
            ["/", "Open Uptime Kuma"],
            ["/lb/clear-fixed-node", "Back to load balancing"],
        ],
    },
    zh: {
        title: "目前固定使用節點 {node}",
        text: "接下來 7 天，此瀏覽器的所有請求都會送往 {node}。若該節點離線，系統會自動恢復負載平衡。",
        links: [
            ["/", "開啟 Uptime Kuma"],
            ["/lb/clear-fixed-node", "恢復負載平衡"],
        ],
    },
};

const REFUSED_WORDS: Record<Language, Words> = {
    en: {
        title: "{node} cannot be chosen",
        text: "There is no such node, or it is not online. Nothing has changed.",
        links: [
            ["/lb/", "All nodes"],
            ["/", "Open Uptime Kuma"],
        ],
    },
    zh: {
        title: "無法選擇節點 {node}",
        text: "此節點不存在或目前不在線上，設定沒有變更。",
        links: [
            ["/lb/", "所有節點"],
            ["/", "開啟 Uptime Kuma"],
        ],
    },
};

const CLEARED_WORDS: Record<Language, Words> = {
    en: {
        title: "Load balancing is back",
        text: "Requests of this browser go to the node with the fewest monitors again.",
        links: [
            ["/", "Open Uptime Kuma"],
            ["/lb/", "All nodes"],
        ],
    },
    zh: {
        title: "已恢復負載平衡",
        text: "此瀏覽器的請求將再次送往監控項目最少的節點。",
        links: [
            ["/", "開啟 Uptime Kuma"],
            ["/lb/", "所有節點"],
        ],
    },
};

/** GET /lb/fixed-node/{node}: the same as a page. */
export function fixed_node_page(request: Request): Answer {
    const node = request.parameter;
    const answer = set(node, WEEK, () => page(200, SET_WORDS, { node }));
    return answer.status === 400 ? page(400, REFUSED_WORDS, { node }) : answer;
}

/** GET /lb/clear-fixed-node */
export function clear_fixed_node_page(): Answer {
    return with_cookie(page(200, CLEARED_WORDS, {}), monitor_router.CLEARED_FIXED_NODE);
}
