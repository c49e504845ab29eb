/* The badge in the look of Kuma's header, on its own: no style comes in from the page, none gets out. */

export const STYLE = `
:host { --text: #212529; --soft: #63707c; --back: #fff; --hover: #eef1f4; --line: rgba(0, 0, 0, .12);
  --pill: rgba(200, 200, 200, .2); --pill-hover: rgba(200, 200, 200, .4); --strong: #5cdd8b; --on-strong: #020b05; --bad: #c02636;
  position: relative; display: inline-flex; align-items: center; align-self: center; margin-inline-end: .5rem;
  color: var(--text); font-size: 1rem; line-height: 1.5; text-align: start; }
:host([data-theme="dark"]) { --text: #d0d7de; --soft: #a5adb6; --back: #0d1117; --hover: #161b22; --line: #1d2634;
  --pill: rgba(200, 200, 200, .15); --pill-hover: rgba(200, 200, 200, .22); --bad: #ff7b86; }
:host([data-small]) { margin-inline: .75rem 0; }
:host([hidden]) { display: none; }
button { font: inherit; color: inherit; background: none; border: 0; cursor: pointer; text-align: start; }
button:focus-visible { outline: 2px solid var(--strong); outline-offset: 2px; }
.badge { display: flex; align-items: center; gap: .5rem; padding: .5rem .9rem; border-radius: 50rem;
  background: var(--pill); white-space: nowrap; }
.badge:hover, .badge[aria-expanded="true"] { background: var(--pill-hover); }
.label { color: var(--soft); }
:host([data-small]) .badge { padding: .3rem .75rem; font-size: .875rem; }
:host([data-small]) .badge .label { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.dot { flex: none; width: .625rem; height: .625rem; border-radius: 50%; background: var(--strong); }
.dot.lost { background: var(--bad); }
.name { overflow: hidden; text-overflow: ellipsis; max-width: 11rem; font-weight: 600; }
.caret { flex: none; width: .6rem; height: .6rem; }
svg { display: block; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
.panel { position: absolute; z-index: 1001; inset-block-start: calc(100% + 8px); inset-inline-end: 0;
  width: max-content; min-width: 18rem; max-width: calc(100vw - 1.5rem); max-height: 70vh; overflow: auto;
  border: 1px solid var(--line); border-radius: 16px; background: var(--back); color: var(--text);
  box-shadow: 0 15px 47px rgba(0, 0, 0, .12), 0 5px 14px rgba(0, 0, 0, .08); }
:host([data-small]) .panel { position: fixed; inset: 4rem .75rem auto; width: auto; }
.panel[hidden] { display: none; }
.state { padding: .7rem 1rem; font-size: .875rem; color: var(--soft); border-block-end: 1px solid var(--line); }
[role="menu"] > button { display: flex; align-items: center; gap: .75rem; width: 100%; padding: .65rem 1rem; }
[role="menu"] > button:hover, [role="menu"] > button:focus-visible { background: var(--hover); }
[role="menu"] > button:focus-visible { outline-offset: -3px; border-radius: 14px; }
[role="menu"] > button[aria-disabled="true"] { cursor: default; color: var(--soft); }
.check { flex: none; width: 1rem; height: 1rem; color: var(--strong); }
.node { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.current .node { font-weight: 600; }
.count { color: var(--soft); font-size: .875rem; white-space: nowrap; font-variant-numeric: tabular-nums; }
.action { min-width: 3.5rem; padding: .1rem .6rem; border-radius: 50rem; font-size: .8rem; text-align: center;
  background: var(--pill); }
button:hover > .action, button:focus-visible > .action { background: var(--strong); color: var(--on-strong); }
.current > .action { background: none !important; color: var(--soft) !important; }
.release { border-block-start: 1px solid var(--line) !important; }
.message { padding: .7rem 1rem; font-size: .875rem; color: var(--bad); }
.message:empty { display: none; }
.note { padding: .7rem 1rem; font-size: .875rem; color: var(--soft); }
`;
