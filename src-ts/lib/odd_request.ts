/* Requests at which Node.js hangs up, while nginx takes them: what comes of them is no node's failure. */

/** Those that HTTP itself has, but for CONNECT and TRACE, which nginx refuses. */
const METHODS: Record<string, boolean | undefined> = {
    GET: true,
    HEAD: true,
    POST: true,
    PUT: true,
    PATCH: true,
    DELETE: true,
    OPTIONS: true,
};

/** True for a request with a control character in a header or with a method of its own. */
export function is_odd_request(): boolean {
    if (METHODS[ngx.req.get_method()] === undefined) {
        return true;
    }
    for (const [, value] of pairs(ngx.req.get_headers(0))) {
        const text = typeof value === "object" ? table.concat(value) : tostring(value);
        const [found] = string.find(text, "[^\t%C]");
        if ((found as number | undefined) !== undefined) {
            return true;
        }
    }
    return false;
}
