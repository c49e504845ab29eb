import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { loadBalancerMark, quitNginx, startLoadBalancer } from "../../local/load-balancer.mjs";
import { loadBalancerDir } from "../../local/state.mjs";
import { waitFor } from "../../local/processes.mjs";
import { ask, logIn, newMonitor, setUp } from "../agent/support/browser.mjs";
import { USER } from "../agent/support/cluster.mjs";
import { request } from "../support/http.mjs";
import { anyFailed } from "../support/outcome.mjs";
import { logInByHand, openBrowser, screenshot, untilUp } from "./browser.mjs";
import { startTestCluster } from "./cluster.mjs";
import { addStatusPage } from "./kuma-client.mjs";
import { startReceiver } from "./receiver.mjs";

/** @typedef {import("./browser.mjs").Page} Page */

const SCRIPT = '<script src="/lb/assets/badge.js" defer></script>';
const DOCUMENT = { Accept: "text/html,application/xhtml+xml,*/*;q=0.8" };

/** @type {import("./cluster.mjs").TestCluster} */
let cluster;
/** @type {import("./receiver.mjs").Receiver} */
let receiver;
/** @type {import("./browser.mjs").Browser} */
let browser;
/** @type {string} */
let pictures;
/** @type {import("../../local/load-balancer.mjs").LoadBalancer | undefined} */
let restarted;

before(async () => {
  cluster = await startTestCluster();
  receiver = await startReceiver(cluster.nodeOfPid);
  browser = await openBrowser();
  pictures = process.env.PICTURES ?? mkdtempSync(join(tmpdir(), "pictures-"));
  await setUp(cluster);
  const socket = await logIn(cluster);
  const names = ["Shop", "Checkout", "Search", "Mail", "Payments", "Images", "API"];
  for (const name of names) await ask(socket, "add", newMonitor({ name, url: `${receiver.url}/${name}` }));
  await addStatusPage(socket, "shop", [{ id: 1 }]);
  socket.disconnect();
});
after(async () => {
  await browser?.close(pictures);
  await receiver?.close();
  await restarted?.quit();
  await cluster?.close(anyFailed());
});

const nodePort = () => Number(cluster.state().nodes[0]?.port);
/** @param {Page} page */
const badge = (page) => page.locator("#kuma-cluster-badge button.badge");
/** @param {Page} page @param {string} text */
const entry = (page, text) => page.locator("#kuma-cluster-badge [role=menu] button", { hasText: text });
/** @param {Page} page @param {string[]} nodes */
const untilAt = (page, ...nodes) =>
  page
    .locator(nodes.map((node) => `#kuma-cluster-badge button.badge[aria-label$=": ${node}"]`).join(", "))
    .waitFor({ timeout: 20000 });
/** @param {Page} page */
const pinnedTo = async (page) =>
  (await page.context().cookies()).find(({ name }) => name === "KUMA_FIXED_NODE")?.value ?? "";
/** Loads the dashboard and tells the node that sent it. @param {Page} page */
async function reload(page) {
  // A page that finds its node gone may load itself anew at that moment, which ends the load that is asked for here.
  const load = () => page.goto(`${cluster.url}/dashboard`);
  const answer = await load().catch((error) => {
    if (!/ERR_ABORTED|interrupted by another navigation/.test(error)) throw error;
    return load();
  });
  return String((await answer?.allHeaders())?.["x-routed-to"]).replace("uptime-kuma-", "");
}

test("documents have the script before the end of their head, and nothing else has", async (t) => {
  t.diagnostic(`Uptime Kuma ${cluster.version}; pictures in ${pictures}`);
  const plain = await request(`http://127.0.0.1:${nodePort()}/dashboard`, { headers: DOCUMENT });
  const ours = await cluster.get("/dashboard", { headers: DOCUMENT });
  assert.equal(ours.text, plain.text.replace("</head>", `${SCRIPT}</head>`));
  for (const path of ["/manifest.json", "/icon.svg", "/api/entry-page", "/metrics", "/lb/health", "/robots.txt"]) {
    const answer = await cluster.get(path, { headers: DOCUMENT });
    assert.ok(!answer.text.includes(SCRIPT), path);
  }
  for (const path of ["/status/shop", "/STATUS/shop", "/status/none", "/status-page", "/Status/"]) {
    const answer = await cluster.get(path, { headers: DOCUMENT });
    assert.ok(answer.text.includes("</head>") && !answer.text.includes(SCRIPT), path);
  }
  assert.equal((await cluster.get("/dashboard", { headers: { Accept: "application/json" } })).text, plain.text);
});

test("a document has the badge also where the node has it compressed", async () => {
  for (const path of ["/dashboard", "/index.html"]) {
    const headers = { ...DOCUMENT, "Accept-Encoding": "gzip, deflate, br" };
    const { text, headers: answered } = await cluster.get(path, { headers });
    assert.equal(answered["content-encoding"], undefined, path);
    assert.ok(text.includes(`${SCRIPT}</head>`), path);
  }
});

test("a browser keeps a document as long as it is the same, with the badge or without it", async () => {
  for (const path of ["/dashboard", "/index.html"]) {
    const { etag, "last-modified": modified } = (await cluster.get(path, { headers: DOCUMENT })).headers;
    assert.match(String(etag), /-badge"$/);
    const same = await cluster.get(path, { headers: { ...DOCUMENT, "If-None-Match": String(etag) } });
    assert.deepEqual([same.status, same.headers.etag], [304, etag]);
    const node = await request(`http://127.0.0.1:${nodePort()}${path}`);
    const without = { ...DOCUMENT, "If-None-Match": String(node.headers.etag) };
    assert.equal(
      (await cluster.get(path, { headers: without })).status,
      200,
      "a copy without the badge is another one",
    );
    assert.equal(modified, node.headers["last-modified"]);
    const since = { ...DOCUMENT, "If-Modified-Since": new Date().toUTCString() };
    assert.equal((await cluster.get(path, { headers: since })).status, 200);
    const head = await cluster.get(path, { headers: DOCUMENT, method: "HEAD" });
    assert.deepEqual([head.status, head.text, head.headers.etag], [200, "", etag]);
  }
  const part = await cluster.get("/index.html", { headers: { ...DOCUMENT, Range: "bytes=0-99" } });
  const whole = await request(`http://127.0.0.1:${nodePort()}/index.html`);
  assert.deepEqual([part.status, part.text], [206, whole.text.slice(0, 100)]);
});

test("a visitor, somebody who is not logged in and a status page see no badge", async () => {
  const page = await browser.newVisitor();
  await page.goto(`${cluster.url}/dashboard`);
  await page.locator("#floatingInput").waitFor();
  await page.waitForTimeout(500);
  assert.equal(await badge(page).count(), 0);
  await logInByHand(page, cluster.url, USER);
  await badge(page).waitFor();
  await page.goto(`${cluster.url}/status/shop`);
  await page.getByText("Services").first().waitFor();
  await page.waitForTimeout(500);
  assert.equal(await page.locator("#kuma-cluster-badge").count(), 0);
  await page.context().close();
});

test("a user sees the current node, switches to another one and is released", async () => {
  const page = await browser.newVisitor();
  /** @type {string[]} */
  const mistakes = [];
  page.on("pageerror", (error) => mistakes.push(String(error)));
  await logInByHand(page, cluster.url, USER);
  const first = await reload(page);
  await untilAt(page, first);
  assert.equal(await pinnedTo(page), "");
  await badge(page).click();
  for (const node of ["node1", "node2", "node3"]) await entry(page, node).waitFor();
  assert.equal(await entry(page, first).getAttribute("aria-checked"), "true");
  assert.equal(await entry(page, "Release").getAttribute("aria-disabled"), "true");
  const other = first === "node3" ? "node2" : "node3";
  await Promise.all([page.waitForEvent("load"), entry(page, other).click()]);
  await untilAt(page, other);
  assert.equal(await pinnedTo(page), other);
  assert.equal(await reload(page), other);
  await page.getByPlaceholder("Search").waitFor();
  await badge(page).click();
  await Promise.all([page.waitForEvent("load"), entry(page, "Release").click()]);
  await badge(page).waitFor();
  assert.equal(await pinnedTo(page), "");
  assert.deepEqual(mistakes, []);
  await page.context().close();
});

test("the menu is used with the keyboard alone", async () => {
  const page = await browser.newVisitor();
  await logInByHand(page, cluster.url, USER);
  await badge(page).focus();
  await page.keyboard.press("Enter");
  const focused = () => page.evaluate("document.activeElement?.shadowRoot?.activeElement?.textContent ?? ''");
  await waitFor(async () => /node1/.test(String(await focused())), { what: "the focus on the first entry" });
  await page.keyboard.press("ArrowDown");
  assert.match(String(await focused()), /node2/);
  await page.keyboard.press("End");
  assert.match(String(await focused()), /Release/);
  await page.keyboard.press("ArrowDown");
  assert.match(String(await focused()), /node1/);
  await page.keyboard.press("Escape");
  assert.equal(await badge(page).getAttribute("aria-expanded"), "false");
  assert.match(String(await focused()), /Current node/);
  await page.keyboard.press("ArrowDown");
  await waitFor(async () => /node1/.test(String(await focused())), { what: "the focus on the first entry" });
  await page.keyboard.press("ArrowDown");
  await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);
  await untilAt(page, "node2");
  await page.context().close();
});

test("it speaks the language and wears the colours that the user has chosen", async () => {
  for (const [theme, size] of /** @type {const} */ ([
    ["light", { width: 1280, height: 720 }],
    ["dark", { width: 1280, height: 720 }],
    ["light", { width: 390, height: 780 }],
    ["dark", { width: 390, height: 780 }],
  ])) {
    const page = await browser.newVisitor();
    await logInByHand(page, cluster.url, USER);
    await page.evaluate(`localStorage.theme = "${theme}"`);
    await page.setViewportSize(size);
    await page.goto(`${cluster.url}/dashboard`);
    await badge(page).waitFor();
    await untilUp(page);
    await page.waitForLoadState("networkidle");
    await badge(page).click();
    await entry(page, "node3").waitFor();
    assert.equal(await page.locator("#kuma-cluster-badge").getAttribute("data-theme"), theme);
    await page.mouse.move(size.width / 2, size.height - 100);
    await screenshot(page, pictures, `badge-${size.width > 500 ? "desktop" : "phone"}-${theme}`);
    await page.evaluate("localStorage.locale = 'zh-TW'");
    await page.reload();
    await badge(page).getByText("目前節點").waitFor({ state: "attached" });
    await badge(page).click();
    await entry(page, "解除固定").waitFor();
    if (theme === "light" && size.width > 500) await screenshot(page, pictures, "badge-desktop-zh-tw");
    await page.context().close();
  }
});

test("Kuma's page does all it did: header, service worker, sizes of the window", async () => {
  const page = await browser.newVisitor();
  await logInByHand(page, cluster.url, USER);
  await badge(page).waitFor();
  const worker = await page.evaluate(
    "navigator.serviceWorker.getRegistration().then((found) => found?.scope ?? 'none')",
  );
  const script = (await request(`http://127.0.0.1:${nodePort()}/serviceWorker.js`)).headers["content-type"];
  assert.equal(worker, /javascript/.test(String(script)) ? `${cluster.url}/` : "none");
  for (const width of [500, 1280, 500, 1280]) {
    await page.setViewportSize({ width, height: 700 });
    await badge(page).waitFor();
    await page.waitForTimeout(400);
    assert.equal(await page.locator("#kuma-cluster-badge").count(), 1);
  }
  await page.locator(".dropdown-profile-pic .nav-link").click();
  await page.locator(".dropdown-profile-pic .dropdown-menu.show").waitFor();
  await page.getByText(/^\s*Log ?out\s*$/i).click();
  await page.locator("#floatingInput").waitFor();
  await badge(page).waitFor({ state: "detached" });
  await page.context().close();
});

test("where the other nodes are nobody's business it shows the current one", async () => {
  const page = await browser.newVisitor({ url: cluster.url, node: "node2" });
  await page.route("**/lb/available-nodes", (route) => route.fulfill({ status: 401, body: "{}" }));
  await logInByHand(page, cluster.url, USER);
  await untilAt(page, "node2");
  await badge(page).click();
  await entry(page, "Release").waitFor();
  assert.equal(await page.locator("#kuma-cluster-badge [role=menu] button").count(), 1);
  await page.context().close();
});

test("a pinned user whose node dies is at another one, and a load balancer that is gone is said to be", async () => {
  const page = await browser.newVisitor({ url: cluster.url, node: "node3" });
  await logInByHand(page, cluster.url, USER);
  await untilAt(page, "node3");
  await cluster.kill("node3");
  await cluster.untilStatus({ node3: "offline" });
  // The page and its socket may be at different nodes while node3's monitors are on their way.
  assert.match(await reload(page), /node[12]/);
  await untilAt(page, "node1", "node2");
  assert.equal(await pinnedTo(page), "");
  const { lb, db } = cluster.state();
  const dir = loadBalancerDir(cluster.data);
  await quitNginx(lb.pid, loadBalancerMark(dir), 2000);
  await badge(page).click();
  await untilAt(page, "unknown");
  assert.deepEqual(await page.locator("#kuma-cluster-badge .dot.lost").count(), 1);
  await page.context().close();
  restarted = await startLoadBalancer({ dir, port: lb.port, db, env: { NODE_BADGE: "false" } });
});

test("with NODE_BADGE=false pages are the node's own, byte for byte", async () => {
  for (const path of ["/dashboard", "/index.html", "/add", "/settings/general"]) {
    const plain = await request(`http://127.0.0.1:${nodePort()}${path}`, { headers: DOCUMENT });
    const ours = await cluster.get(path, { headers: DOCUMENT });
    assert.equal(ours.text, plain.text);
    for (const name of ["etag", "last-modified", "content-length", "content-type"]) {
      assert.equal(ours.headers[name], plain.headers[name], name);
    }
    const tag = { ...DOCUMENT, "If-None-Match": String(plain.headers.etag) };
    assert.equal((await cluster.get(path, { headers: tag })).status, 304);
    const marked = { ...DOCUMENT, "If-None-Match": String(plain.headers.etag).replace(/"$/, '-badge"') };
    assert.equal((await cluster.get(path, { headers: marked })).status, 200);
  }
});
