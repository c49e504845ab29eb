/* The entries of the badge's menu. */
import type { Nodes } from "./cluster";
import { element, icon } from "./element";
import type { Text } from "./text";

const CHECK = "M2 8.5l4 4 8-9";

export interface MenuState {
    readonly nodes: Nodes | "hidden";
    readonly current: string | undefined;
    readonly isPinned: boolean;
}

export interface MenuActions {
    readonly pin: (node: string) => void;
    readonly release: () => void;
}

type Node = Nodes[number];

function nodeEntry(node: Node, state: MenuState, text: Text, actions: MenuActions): HTMLButtonElement {
    const isCurrent = node.node_id === state.current;
    const entry = element(
        "button",
        {
            ...{ type: "button", role: "menuitemradio", tabindex: "-1", "aria-checked": String(isCurrent) },
            class: isCurrent ? "current" : undefined,
        },
        isCurrent ? icon("check", CHECK) : element("span", { class: "check" }),
        element("span", { class: "node" }, node.node_id),
        element("span", { class: "count" }, text.monitors(node.monitor_count)),
        element("span", { class: "action" }, isCurrent ? text.current : text.switchTo),
    );
    // To stay where one is by chance is a choice as well.
    if (!isCurrent || !state.isPinned) entry.addEventListener("click", () => actions.pin(node.node_id));
    return entry;
}

function releaseEntry(state: MenuState, text: Text, actions: MenuActions): HTMLButtonElement {
    const entry = element(
        "button",
        {
            ...{ type: "button", role: "menuitem", tabindex: "-1", class: "release" },
            "aria-disabled": state.isPinned ? undefined : "true",
        },
        element("span", { class: "check" }),
        element("span", { class: "node" }, text.release),
    );
    if (state.isPinned) entry.addEventListener("click", actions.release);
    return entry;
}

/** All entries, in the order of the nodes' names: an entry must not move away under the pointer. */
export function menuEntries(state: MenuState, text: Text, actions: MenuActions): HTMLButtonElement[] {
    const nodes = state.nodes === "hidden" ? [] : [...state.nodes];
    nodes.sort((a, b) => a.node_id.localeCompare(b.node_id, undefined, { numeric: true }));
    return [...nodes.map((node) => nodeEntry(node, state, text, actions)), releaseEntry(state, text, actions)];
}

/** Moves the focus as a menu does. Returns whether the key was one of a menu's. */
export function moveFocus(entries: readonly HTMLElement[], focused: Element | null, key: string): boolean {
    const at = entries.findIndex((entry) => entry === focused);
    const targets: Record<string, number> = {
        ArrowDown: (at + 1) % entries.length,
        ArrowUp: (at <= 0 ? entries.length : at) - 1,
        Home: 0,
        End: entries.length - 1,
    };
    const target = targets[key];
    if (target === undefined) return false;
    entries[target]?.focus();
    return true;
}
