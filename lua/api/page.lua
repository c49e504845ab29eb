-- Generated from src-ts/api/page.ts: edit that file, then run npm run build.
-- The few pages that the load balancer writes itself, in English and Traditional Chinese.
local _M = {}
local TAGS = {en = "en", zh = "zh-Hant"}
--- %s: language, what else is in the head, title, title, text, links.
local TEMPLATE = "<!doctype html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"robots\" content=\"noindex\"><link rel=\"stylesheet\" href=\"/lb/assets/page.css\">%s<title>%s</title></head>\n<body><main><h1>%s</h1><p>%s</p>%s</main></body></html>\n"
local ENTITIES = {
    ["&"] = "&amp;",
    ["<"] = "&lt;",
    [">"] = "&gt;",
    ["\""] = "&quot;",
    ["'"] = "&#39;"
}

--- The text as HTML, also inside quotes.
function _M.escape_html(text)
    return (string.gsub(text, "[&<>\"']", ENTITIES))
end

--- The better one of our languages for a client that sends this as Accept-Language.
function _M.choose_language(accept_language)
    local best = "en"
    local best_weight = 0
    for tag, parameters in string.gmatch(accept_language or "", "([%a*-]+)([^,]*)") do
        local name = string.match(
            string.lower(tag),
            "^(%a+)"
        )
        local weight = tonumber((string.match(parameters, "q=([%d.]+)")) or "1") or 0
        if (name == "en" or name == "zh") and weight > best_weight then
            best = name
            best_weight = weight
        end
    end
    return best
end

local function fill(text, values)
    local filled = string.gsub(
        _M.escape_html(text),
        "{(%w+)}",
        function(name) return _M.escape_html(values[name] or "") end
    )
    return filled
end

local function render_links(words)
    local items = {}
    for ____, ____value in ipairs(words.links or ({})) do
        local url = ____value[1]
        local text = ____value[2]
        table.insert(
            items,
            ((("<li><a href=\"" .. _M.escape_html(url)) .. "\">") .. _M.escape_html(text)) .. "</a></li>"
        )
    end
    return #items == 0 and "" or ("<ul>" .. table.concat(items)) .. "</ul>"
end

--- A page in the client's language; with `reload` it asks for itself again after so many seconds.
function _M.page(status, words, values, reload)
    local language = _M.choose_language(ngx.var.http_accept_language)
    local ____words_language_0 = words[language]
    local title = ____words_language_0.title
    local text = ____words_language_0.text
    local head = reload == nil and "" or ("<meta http-equiv=\"refresh\" content=\"" .. tostring(reload)) .. "\">"
    local heading = fill(title, values)
    local links = render_links(words[language])
    return {
        status = status,
        body = string.format(
            TEMPLATE,
            TAGS[language],
            head,
            heading,
            heading,
            fill(text, values),
            links
        ),
        content_type = "text/html; charset=utf-8",
        headers = {["Content-Language"] = TAGS[language], Vary = "Accept-Language"}
    }
end
return _M
