/* The few pages that the load balancer writes itself, in English and Traditional Chinese. */
import type { Answer } from "./respond";

export type Language = "en" | "zh";

/** The text of a page; names in braces are replaced by values. */
export interface Words {
    readonly title: string;
    readonly text: string;
    readonly links?: readonly (readonly [url: string, text: string])[];
}

const TAGS: Record<Language, string> = { en: "en", zh: "zh-Hant" };

/** %s: language, what else is in the head, title, title, text, links. */
const TEMPLATE = `<!doctype html>
<html lang="%s"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><link rel="stylesheet" href="/lb/assets/page.css">%s<title>%s</title></head>
<body><main><h1>%s</h1><p>%s</p>%s</main></body></html>
`;

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** The text as HTML, also inside quotes. */
export function escape_html(text: string): string {
    return string.gsub(text, "[&<>\"']", ENTITIES)[0];
}

/** The better one of our languages for a client that sends this as Accept-Language. */
export function choose_language(accept_language: string | undefined): Language {
    let best: Language = "en";
    let best_weight = 0;
    for (const [tag, parameters] of string.gmatch(accept_language ?? "", "([%a*-]+)([^,]*)")) {
        const [name] = string.match(string.lower(tag as string), "^(%a+)");
        const weight = tonumber(string.match(parameters as string, "q=([%d.]+)")[0] ?? "1") ?? 0;
        if ((name === "en" || name === "zh") && weight > best_weight) {
            best = name;
            best_weight = weight;
        }
    }
    return best;
}

function fill(text: string, values: Record<string, string>): string {
    const [filled] = string.gsub(escape_html(text), "{(%w+)}", (name: string) => escape_html(values[name] ?? ""));
    return filled;
}

function render_links(words: Words): string {
    const items: string[] = [];
    for (const [url, text] of words.links ?? []) {
        table.insert(items, `<li><a href="${escape_html(url)}">${escape_html(text)}</a></li>`);
    }
    return items.length === 0 ? "" : `<ul>${table.concat(items)}</ul>`;
}

/** A page in the client's language; with `reload` it asks for itself again after so many seconds. */
export function page(
    status: number,
    words: Record<Language, Words>,
    values: Record<string, string>,
    reload?: number,
): Answer {
    const language = choose_language(ngx.var.http_accept_language);
    const { title, text } = words[language];
    const head = reload === undefined ? "" : `<meta http-equiv="refresh" content="${reload}">`;
    const heading = fill(title, values);
    const links = render_links(words[language]);
    return {
        status,
        body: string.format(TEMPLATE, TAGS[language], head, heading, heading, fill(text, values), links),
        content_type: "text/html; charset=utf-8",
        headers: { "Content-Language": TAGS[language], Vary: "Accept-Language" },
    };
}
