import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";

/** Names the node that a request comes from. Such a request is never sent to a third node. */
export const HOP_HEADER = "x-cluster-hop";

/* They belong to one connection; and no body is sent on. */
const NOT_SENT_ON = new Set([
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "expect",
]);
const BODY = new Set(["content-length", "content-type", "content-encoding"]);

function sentOn(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
    return Object.fromEntries(Object.entries(headers).filter(([name]) => !NOT_SENT_ON.has(name)));
}

/** The headers of a client's request, as this node sends it to another one: without a body, and with the client's address. */
export function requestHeaders(
    headers: IncomingHttpHeaders,
    clientAddress: string | undefined,
    nodeId: string,
): OutgoingHttpHeaders {
    const sent = Object.entries(sentOn(headers)).filter(([name]) => !BODY.has(name));
    // An IPv4 client has that prefix on a socket for both families.
    const client = clientAddress?.replace(/^::ffff:/, "");
    const chain = [headers["x-forwarded-for"], client].flat().filter((part) => part !== undefined && part !== "");
    return {
        ...Object.fromEntries(sent),
        ...(chain.length > 0 ? { "x-forwarded-for": chain.join(", ") } : {}),
        [HOP_HEADER]: nodeId,
    };
}

/** The headers of another node's answer, as they go to the client. */
export function answerHeaders(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
    return sentOn(headers);
}
