/*
 * The node badge: a script that nginx adds to Uptime Kuma's HTML documents. Such a document has a tag of its own, so that no
 * browser takes the node's word that its copy without the badge, or with it, is still good.
 */

/** What the script comes before. */
const PLACE = "</head>";
/** Ends the tag of a document that has the badge. */
const MARK = '-badge"';
const MARK_PATTERN = '%-badge"';

/** The document that a browser opens; status pages belong to their visitors. Express takes any case for the same. */
function is_wanted(): boolean {
    const [html] = string.match(ngx.var.http_accept ?? "", "text/html");
    return html !== undefined && string.lower(string.sub(ngx.var.uri ?? "", 1, 7)) !== "/status";
}

/** [Access phase] Asks the node for a document to which the script can be added. */
export function prepare(): void {
    if (!is_wanted()) {
        return;
    }
    ngx.ctx.wants_badge = true;
    ngx.var.page_accept_encoding = "";
    const [tags, marked] = string.gsub(ngx.var.http_if_none_match ?? "", MARK_PATTERN, '"');
    if (marked > 0) {
        ngx.var.page_if_none_match = tags;
    } else {
        ngx.var.page_if_none_match = "";
        ngx.var.page_if_modified_since = "";
    }
}

/** True for a whole HTML document that is to be shown, as it is. */
function is_document(): boolean {
    const header = ngx.header;
    const type = header["Content-Type"];
    return (
        ngx.status === 200 &&
        typeof type === "string" &&
        string.sub(type, 1, 9) === "text/html" &&
        header["Content-Encoding"] === undefined &&
        header["Content-Disposition"] === undefined
    );
}

/** [Header filter] Has nginx add the script, where the answer is a document after all. */
export function add(): void {
    if (ngx.ctx.wants_badge !== true) {
        return;
    }
    const has_badge = is_document();
    if (has_badge) {
        ngx.var.page_badge_place = PLACE;
    }
    const tag = ngx.header["ETag"];
    if ((has_badge || ngx.status === 304) && typeof tag === "string") {
        ngx.header["ETag"] = string.gsub(tag, '"$', MARK)[0];
    }
}
