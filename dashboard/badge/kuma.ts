/* What the badge knows of Uptime Kuma's own page: where it belongs, who is there, how it looks. */

/** Public pages: they belong to their visitors. Kuma's entry page may be one. */
const PUBLIC = /^\/(status(-page)?(\/.*)?)?$/i;

/** Whether the page is one of a user who is logged in: Kuma keeps the token in one of the two. */
export function isAtWork(): boolean {
    const token = localStorage.getItem("token") ?? sessionStorage.getItem("token");
    return token !== null && token !== "" && !PUBLIC.test(location.pathname);
}

/** Puts the badge into Kuma's header: before its menu or, on a phone, after its name. Without a header it stays away. */
export function place(host: HTMLElement): void {
    const header = document.querySelector("#app header");
    if (header === null) return host.remove();
    const menu = header.querySelector(":scope > ul.nav");
    host.toggleAttribute("data-small", menu === null);
    if (host.parentElement === header && host.nextElementSibling === menu) return;
    header.insertBefore(host, menu);
}

/** Whether Kuma is dark: it says so by a class of its body. */
export function isDark(): boolean {
    return document.body.classList.contains("dark");
}

/** Calls back after Kuma has changed its page, at most every fifth of a second. */
export function onChange(callback: () => void): void {
    let timer: number | undefined;
    const soon = (): void => {
        timer ??= window.setTimeout(() => {
            timer = undefined;
            callback();
        }, 200);
    };
    const app = document.querySelector("#app") ?? document.body;
    new MutationObserver(soon).observe(app, { childList: true, subtree: true });
    new MutationObserver(soon).observe(document.body, { attributes: true, attributeFilter: ["class"] });
}

/**
 * Calls back with the node of Kuma's socket whenever one is opened: a session's id begins with it, and stands in the
 * addresses of its first requests. Kumas that open a WebSocket at once leave no such trace.
 */
export function onSocket(callback: (node: string) => void): void {
    const read = (list: PerformanceObserverEntryList): void => {
        for (const { name } of list.getEntries()) {
            const [, node] = /\/socket\.io\/.*[?&]sid=([^&]+)\.[^.&]*/.exec(name) ?? [];
            if (node !== undefined) callback(decodeURIComponent(node));
        }
    };
    new PerformanceObserver(read).observe({ type: "resource", buffered: true });
}
