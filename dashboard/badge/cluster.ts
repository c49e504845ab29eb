/* What the load balancer knows, and what it is asked to do. */

export type Nodes = AvailableNodesBody["available_nodes"];

const TIMEOUT_MS = 5000;

async function ask(name: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`/lb/${name}`, { cache: "no-store", signal: AbortSignal.timeout(TIMEOUT_MS), ...init });
}

async function post(name: string, body: SetFixedNodeRequest | undefined): Promise<boolean> {
    const headers = { "Content-Type": "application/json" };
    const init = { method: "POST", headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    return ask(name, init).then(
        ({ ok }) => ok,
        () => false,
    );
}

/** Where this browser is sent; nothing when the load balancer does not say. */
export async function fixedNodeStatus(): Promise<FixedNodeStatusBody | undefined> {
    try {
        const answer = await ask("fixed-node-status");
        return answer.ok ? ((await answer.json()) as FixedNodeStatusBody) : undefined;
    } catch {
        return undefined;
    }
}

/** The online nodes; "hidden" when only those who know the cluster's secret may see them, nothing without an answer. */
export async function availableNodes(): Promise<Nodes | "hidden" | undefined> {
    try {
        const answer = await ask("available-nodes");
        if (answer.status === 401 || answer.status === 403) return "hidden";
        return answer.ok ? ((await answer.json()) as AvailableNodesBody).available_nodes : undefined;
    } catch {
        return undefined;
    }
}

/** Keeps this browser at a node, for as long as the load balancer thinks fit. Returns whether that worked. */
export function pin(node: string): Promise<boolean> {
    return post("set-fixed-node", { node });
}

/** Back to load balancing. Returns whether that worked. */
export function release(): Promise<boolean> {
    return post("clear-fixed-node", undefined);
}
