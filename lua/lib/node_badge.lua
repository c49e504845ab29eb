-- Generated from src-ts/lib/node_badge.ts: edit that file, then run npm run build.
-- The node badge: a script that nginx adds to Uptime Kuma's HTML documents. Such a document has a tag of its own, so that no
-- browser takes the node's word that its copy without the badge, or with it, is still good.
local _M = {}
--- What the script comes before.
local PLACE = "</head>"
--- Ends the tag of a document that has the badge.
local MARK = "-badge\""
local MARK_PATTERN = "%-badge\""

--- The document that a browser opens; status pages belong to their visitors. Express takes any case for the same.
local function is_wanted()
    local html = string.match(ngx.var.http_accept or "", "text/html")
    return html ~= nil and string.lower(string.sub(ngx.var.uri or "", 1, 7)) ~= "/status"
end

--- [Access phase] Asks the node for a document to which the script can be added.
function _M.prepare()
    if not is_wanted() then
        return
    end
    ngx.ctx.wants_badge = true
    ngx.var.page_accept_encoding = ""
    local tags, marked = string.gsub(ngx.var.http_if_none_match or "", MARK_PATTERN, "\"")
    if marked > 0 then
        ngx.var.page_if_none_match = tags
    else
        ngx.var.page_if_none_match = ""
        ngx.var.page_if_modified_since = ""
    end
end

--- True for a whole HTML document that is to be shown, as it is.
local function is_document()
    local header = ngx.header
    local ____type = header["Content-Type"]
    return ngx.status == 200 and type(____type) == "string" and string.sub(____type, 1, 9) == "text/html" and header["Content-Encoding"] == nil and header["Content-Disposition"] == nil
end

--- [Header filter] Has nginx add the script, where the answer is a document after all.
function _M.add()
    if ngx.ctx.wants_badge ~= true then
        return
    end
    local has_badge = is_document()
    if has_badge then
        ngx.var.page_badge_place = PLACE
    end
    local tag = ngx.header.ETag
    if (has_badge or ngx.status == 304) and type(tag) == "string" then
        ngx.header.ETag = (string.gsub(tag, "\"$", MARK))
    end
end
return _M
