/* What the badge says, in the languages of the load balancer's own pages. */

export interface Text {
    readonly title: string;
    readonly unknown: string;
    readonly unreachable: string;
    readonly pinned: string;
    readonly balanced: string;
    readonly current: string;
    readonly switchTo: string;
    readonly release: string;
    readonly failed: string;
    readonly hidden: string;
    readonly monitors: (count: number) => string;
}

const ENGLISH: Text = {
    title: "Current node",
    unknown: "unknown",
    unreachable: "The load balancer does not answer.",
    pinned: "This browser stays with its node",
    balanced: "By load balancing",
    current: "current",
    switchTo: "Switch",
    release: "Release (load balancing)",
    failed: "That did not work. Please try again.",
    hidden: "The other nodes are not shown to everybody.",
    monitors: (count) => (count === 1 ? "1 monitor" : `${count} monitors`),
};

const TRADITIONAL_CHINESE: Text = {
    title: "目前節點",
    unknown: "未知",
    unreachable: "負載平衡器沒有回應。",
    pinned: "此瀏覽器固定使用該節點",
    balanced: "由負載平衡分配",
    current: "目前",
    switchTo: "切換",
    release: "解除固定（負載平衡）",
    failed: "操作失敗，請再試一次。",
    hidden: "其他節點不公開顯示。",
    monitors: (count) => `${count} 個監測器`,
};

/** Whether a language tag stands for Chinese in traditional characters. */
function isTraditionalChinese(tag: string): boolean {
    return /^(zh-(tw|hk|mo|hant)|yue)\b/i.test(tag);
}

/** The text in the language that the user has chosen in Kuma or, without a choice, in the browser. */
export function currentText(): Text {
    const tag = localStorage.getItem("locale") ?? navigator.language;
    return isTraditionalChinese(tag) ? TRADITIONAL_CHINESE : ENGLISH;
}
