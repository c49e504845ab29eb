/* The badge: a button in Kuma's header that names the current node, and its menu. */
import { availableNodes, fixedNodeStatus, pin, release } from "./cluster";
import { element, icon } from "./element";
import { isAtWork, isDark, onChange, onSocket, place } from "./kuma";
import { menuEntries, moveFocus } from "./menu";
import { STYLE } from "./style";
import { currentText } from "./text";

const REFRESH_MS = 30000;
const CARET = "M2 5l6 6 6-6";

const host = element("div", { id: "kuma-cluster-badge", hidden: "" });
const root = host.attachShadow({ mode: "open" });
const dot = element("span", { class: "dot" });
const label = element("span", { class: "label" });
const name = element("span", { class: "name" });
const button = element(
    "button",
    { type: "button", class: "badge", "aria-haspopup": "menu", "aria-expanded": "false", "aria-controls": "panel" },
    ...[dot, label, name, icon("caret", CARET)],
);
const state = element("div", { class: "state", id: "state" });
const menu = element("div", { role: "menu", "aria-labelledby": "state" });
const note = element("div", { class: "note", hidden: "" });
const message = element("div", { class: "message", role: "alert" });
const panel = element("div", { class: "panel", id: "panel", hidden: "" }, state, menu, note, message);
root.append(element("style", {}, STYLE), button, panel);

let status: FixedNodeStatusBody | undefined;
/** The node of Kuma's socket: where the user is, whatever the balance of loads says by now. */
let socketNode: string | undefined;
let refreshing: Promise<void> | undefined;

const isOpen = (): boolean => !panel.hasAttribute("hidden");
const currentNode = (): string | undefined => status?.current_node ?? socketNode ?? status?.routed_to;

function show(): void {
    const text = currentText();
    const isKnown = status !== undefined;
    const node = isKnown ? currentNode() : undefined;
    label.textContent = text.title;
    name.textContent = node ?? "?";
    dot.classList.toggle("lost", !isKnown);
    button.title = isKnown ? (status?.is_valid === true ? text.pinned : text.balanced) : text.unreachable;
    button.setAttribute("aria-label", `${text.title}: ${node ?? text.unknown}`);
    state.textContent = button.title;
}

async function readStatus(): Promise<void> {
    status = await fixedNodeStatus();
    show();
}

/** Asks the load balancer, unless it is being asked. */
function refresh(): Promise<void> {
    refreshing ??= readStatus().finally(() => (refreshing = undefined));
    return refreshing;
}

function close(): void {
    if (!isOpen()) return;
    const hadFocus = panel.contains(root.activeElement);
    panel.toggleAttribute("hidden", true);
    button.setAttribute("aria-expanded", "false");
    if (hadFocus) button.focus();
}

/** The socket stays where it is: only a page that is loaded anew is wholly at the other node. */
async function carryOut(action: Promise<boolean>): Promise<void> {
    message.textContent = "";
    if (await action) location.reload();
    else message.textContent = currentText().failed;
}

async function fillMenu(): Promise<void> {
    const [nodes] = await Promise.all([availableNodes(), refresh()]);
    const text = currentText();
    const isPinned = status?.has_fixed_node === true;
    const actions = { pin: (node: string) => void carryOut(pin(node)), release: () => void carryOut(release()) };
    const isLost = nodes === undefined || status === undefined;
    const entries = isLost ? [] : menuEntries({ nodes, current: currentNode(), isPinned }, text, actions);
    const focused = [...menu.children].findIndex((entry) => entry === root.activeElement);
    menu.replaceChildren(...entries);
    if (focused >= 0) entries[focused]?.focus();
    note.hidden = nodes !== "hidden";
    note.textContent = text.hidden;
}

async function open(): Promise<void> {
    message.textContent = "";
    panel.toggleAttribute("hidden", false);
    button.setAttribute("aria-expanded", "true");
    await fillMenu();
    if (isOpen()) moveFocus(menuButtons(), null, "Home");
}

function menuButtons(): HTMLElement[] {
    return [...menu.querySelectorAll("button")];
}

function onKey(event: KeyboardEvent): void {
    if (event.key === "Tab") return close();
    if (event.key !== "Escape" && !moveFocus(menuButtons(), root.activeElement, event.key)) return;
    if (event.key === "Escape") close();
    event.preventDefault();
    event.stopPropagation();
}

/** Shows the badge where it belongs, in Kuma's colours. */
function follow(): void {
    const isWanted = isAtWork();
    if (isWanted) place(host);
    else host.remove();
    host.dataset["theme"] = isDark() ? "dark" : "light";
    if (host.hasAttribute("hidden") === isWanted) {
        host.toggleAttribute("hidden", !isWanted);
        if (isWanted) void refresh();
        else close();
    }
}

function refreshWhenSeen(): void {
    if (!document.hidden && !host.hasAttribute("hidden")) void (isOpen() ? fillMenu() : refresh());
}

button.addEventListener("click", () => (isOpen() ? close() : void open()));
panel.addEventListener("keydown", onKey);
button.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return close();
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    if (!isOpen()) void open();
});
document.addEventListener("pointerdown", (event) => {
    if (!event.composedPath().includes(host)) close();
});
document.addEventListener("visibilitychange", refreshWhenSeen);
setInterval(refreshWhenSeen, REFRESH_MS);
onSocket((node) => {
    if (node === socketNode) return;
    socketNode = node;
    refreshWhenSeen();
});
onChange(follow);
follow();
