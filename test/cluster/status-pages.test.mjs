import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { loadBalancerDir } from "../../local/state.mjs";
import { loadBalancerMark, quitNginx, startLoadBalancer } from "../../local/load-balancer.mjs";
import { waitFor } from "../../local/processes.mjs";
import { ask, logIn, newMonitor, setUp } from "../agent/support/browser.mjs";
import { USER } from "../agent/support/cluster.mjs";
import { copiesOnDisk, keyOf } from "../support/copies.mjs";
import { request } from "../support/http.mjs";
import { anyFailed } from "../support/outcome.mjs";
import { logInByHand, openBrowser, openMonitorByHand, screenshot } from "./browser.mjs";
import { startTestCluster } from "./cluster.mjs";
import { addStatusPage } from "./kuma-client.mjs";
import { startReceiver } from "./receiver.mjs";

const DOMAIN = "status.example.org";
const SHOWN = "Shop front";
const HIDDEN = "Ledger of secrets";
/** What versions show the beats of a monitor with. */
const BEATS = ".hp-bar-big .beat, .hp-bar-big canvas";
/** A copy serves for the second in which it came: after this a node is asked. */
const REFRESHED_MS = 2100;

/** @type {import("./cluster.mjs").TestCluster} */
let cluster;
/** @type {import("./receiver.mjs").Receiver} */
let receiver;
/** @type {import("./browser.mjs").Browser} */
let browser;
/** @type {string} */
let pictures;
/** @type {import("socket.io-client").Socket} */
let session;
/** @type {import("../../local/load-balancer.mjs").LoadBalancer | undefined} */
let restarted;
/** What nobody but the user may see. @type {string[]} */
const secrets = [HIDDEN, "/hidden-target", USER.password];
/** What a visitor of the status page gets: path, host, and a part of the answer. @type {[string, string, RegExp][]} */
const visited = [];

before(async () => {
  cluster = await startTestCluster();
  receiver = await startReceiver(cluster.nodeOfPid);
  browser = await openBrowser();
  pictures = mkdtempSync(join(tmpdir(), "pictures-"));
  await setUp(cluster);
  session = await logIn(cluster);
  const add = async (/** @type {object} */ monitor) =>
    Number((await ask(session, "add", newMonitor({ ...monitor }))).monitorID);
  const shown = await add({ name: SHOWN, url: `${receiver.url}/shown` });
  await add({ name: HIDDEN, url: `${receiver.url}/hidden-target` });
  for (const slug of ["shop", "gone"])
    await addStatusPage(session, slug, [{ id: shown }], slug === "shop" ? [DOMAIN] : []);
  const beats = async () =>
    (await cluster.sql(`SELECT id FROM heartbeat WHERE monitor_id = ${shown} AND status = 1`)).length;
  await waitFor(async () => (await beats()) > 0, { what: "the first beat" });
  const [{ icon }] = await cluster.sql("SELECT icon FROM status_page WHERE slug = 'shop'");
  const { host } = new URL(cluster.url);
  /** @type {typeof visited} */
  const wanted = [
    ["/status/shop", host, /preload/],
    ["/api/status-page/shop", host, /Shop front/],
    ["/api/status-page/heartbeat/shop", host, /"status":1/],
    ["/api/status-page/shop/manifest.json", host, /"start_url"/],
    [`/api/badge/${shown}/status`, host, /<svg/],
    [`/api/badge/${shown}/uptime/24?style=flat`, host, /<svg/],
    [icon, host, /PNG/],
    ["/icon.svg", host, /<svg/],
    ["/", DOMAIN, /preload/],
    ["/api/entry-page", DOMAIN, /shop/],
  ];
  for (const one of wanted) if (await nodeAnswers(one[0])) visited.push(one);
});
/** 2.0.0-dev.0 has no answer with some of SQLite's functions in it on MariaDB. @param {string} path */
async function nodeAnswers(path) {
  const { status } = await request(`http://127.0.0.1:${cluster.state().nodes[0]?.port}${path}`);
  return status < 400;
}

after(async () => {
  session?.disconnect();
  await browser?.close(pictures);
  await receiver?.close();
  await restarted?.quit();
  await cluster?.close(anyFailed());
});

/** @param {string} path @param {string} host */
const visit = (path, host) => cluster.get(path, { headers: { Host: host } });
const showsBeats = () => visited.some(([path]) => path.includes("/heartbeat/"));
const copies = () => copiesOnDisk(loadBalancerDir(cluster.data));

/** @param {string} state of the cache */
async function everythingIs(state) {
  for (const [path, host, part] of visited) {
    const { status, headers, text } = await visit(path, host);
    assert.deepEqual([path, status, headers["x-kuma-cache"]], [path, 200, state]);
    assert.match(text, part);
    if (state === "STALE") assert.equal(headers["x-routed-to"], undefined);
  }
}

test("a visitor gets the status page, its API, badges and icon from a node", async (t) => {
  t.diagnostic(`Uptime Kuma ${cluster.version}`);
  t.diagnostic(visited.map(([path]) => path).join(" "));
  assert.ok(visited.length >= 8);
  await everythingIs("MISS");
  const page = await browser.newVisitor();
  await page.goto(`${cluster.url}/status/shop`);
  await page.getByText(SHOWN).first().waitFor();
  if (showsBeats()) await page.locator(BEATS).first().waitFor();
  await screenshot(page, pictures, "while-up");
  await page.context().close();
});

test("a page that nothing has changed is not sent again by the node, nor to the browser", async () => {
  await sleep(REFRESHED_MS);
  const first = await visit("/icon.svg", new URL(cluster.url).host);
  assert.equal(first.headers["x-kuma-cache"], "REVALIDATED");
  const second = await cluster.get("/icon.svg", { headers: { "If-None-Match": String(first.headers.etag) } });
  assert.equal(second.status, 304);
  const part = await cluster.get("/icon.svg", { headers: { Range: "bytes=0-9" } });
  assert.deepEqual([part.status, part.text], [206, first.text.slice(0, 10)]);
});

test("an edit of the status page is seen as soon as a node has it", async () => {
  const badge = `/api/badge/1/status?label=now`;
  assert.match((await cluster.get(badge)).text, /Up/);
  receiver.answer("/shown", 500);
  const [{ at }] = receiver.hitsOf("/shown").slice(-1);
  await waitFor(async () => receiver.hitsOf("/shown", at + 1).length > 0, { what: "the next check", timeoutMs: 30000 });
  await waitFor(async () => /Down/.test((await cluster.get(badge)).text), { what: "the badge", timeoutMs: 4000 });
  receiver.answer("/shown", 200);
});

test("a user who works leaves nothing private in the copies", async () => {
  const { token } = await ask(session, "login", { ...USER, token: "" });
  const { key } = await ask(session, "addAPIKey", { name: "test", expires: null, active: true });
  // What follows the first underscore; it may have some of its own.
  secrets.push(token, key, key.slice(key.indexOf("_") + 1));
  const page = await browser.newVisitor();
  await logInByHand(page, cluster.url, USER);
  await openMonitorByHand(page, HIDDEN);
  for (const path of ["/settings/general", "/manage-status-page", "/status/shop?edit", "/list"]) {
    await page.goto(cluster.url + path);
    await page.waitForLoadState("networkidle");
  }
  secrets.push(String(await page.evaluate("localStorage.token || sessionStorage.token")));
  await page.context().close();
  const basic = `Basic ${Buffer.from(`:${key}`).toString("base64")}`;
  secrets.push(basic);
  const paths = [
    "/api/v1/monitors",
    "/metrics",
    "/status/shop",
    "/api/badge/2/status",
    "/api/status-page/heartbeat/shop",
  ];
  for (const path of paths) {
    /** @type {Record<string, string>[]} */
    const credentials = [
      { Authorization: key },
      { Authorization: basic },
      { Authorization: `Bearer ${token}` },
      { "X-API-Key": key },
    ];
    for (const headers of credentials) {
      const { status, headers: answer } = await cluster.get(path, { headers });
      assert.ok([200, 401, 403].includes(status), `${path}: ${status}`);
      if (path.startsWith("/api/v1") || path === "/metrics") assert.equal(answer["x-kuma-cache"], undefined);
      else assert.equal(answer["x-kuma-cache"], "BYPASS");
    }
  }
  assert.match((await cluster.get("/api/v1/monitors", { headers: { Authorization: key } })).text, /Ledger/);
  assertNothingPrivate();
});

/** Looks at every byte of every copy. */
function assertNothingPrivate() {
  const kept = copies();
  assert.ok(kept.length >= visited.length, `${kept.length} copies`);
  const wanted =
    /^(br, gzip|gzip|) https?:\/\/[^/]+(\/|\/status.*|\/api\/(status-page|badge|entry-page).*|\/upload\/.*|\/assets\/.*|\/manifest\.json|\/[\w-]+\.(ico|png|svg))$/;
  for (const copy of kept) {
    assert.match(keyOf(copy), wanted);
    assert.doesNotMatch(copy, /set-cookie/i);
    for (const secret of secrets) assert.ok(!copy.includes(secret), `"${secret}" in ${keyOf(copy)}`);
  }
}

test("a status page that is deleted goes at once, and does not come back", async () => {
  const paths = ["/status/gone", "/api/status-page/gone"];
  for (const path of paths) assert.equal((await cluster.get(path)).status, 200, path);
  await ask(session, "deleteStatusPage", "gone");
  await sleep(REFRESHED_MS);
  for (const path of paths) assert.equal((await cluster.get(path)).status, 404, path);
});

test("with every node killed the status page is still there, and says that it is a copy", async (t) => {
  await everythingIs("EXPIRED").catch(() => undefined);
  await sleep(REFRESHED_MS);
  session.disconnect();
  await Promise.all(["node1", "node2", "node3"].map((node) => cluster.kill(node)));
  await everythingIs("STALE");
  for (const path of ["/status/gone", "/api/status-page/gone"]) assert.notEqual((await cluster.get(path)).status, 200);
  assert.equal((await cluster.get("/dashboard")).status, 503);
  assert.equal((await cluster.get("/status/shop", { headers: { "X-API-Key": "0" } })).status, 503);
  await seenByVisitor("all-nodes-dead");
  t.diagnostic(`${copies().length} copies; pictures in ${pictures}`);
  assertNothingPrivate();
});

/** A new visitor sees the page with its monitor and beats, all from copies. @param {string} picture */
async function seenByVisitor(picture) {
  const page = await browser.newVisitor();
  /** @type {string[]} */
  const problems = [];
  page.on("response", (response) => {
    const { "x-kuma-cache": state } = response.headers();
    if (response.url().includes("/heartbeat/") && !showsBeats()) return;
    if (response.status() !== 200 || state !== "STALE")
      problems.push(`${response.status()} ${state} ${response.url()}`);
  });
  await page.goto(`${cluster.url}/status/shop`);
  await page.getByText(SHOWN).first().waitFor();
  if (showsBeats()) await page.locator(BEATS).first().waitFor();
  await page.waitForLoadState("networkidle");
  await screenshot(page, pictures, picture);
  assert.deepEqual(problems, []);
  assert.equal(await page.locator("#kuma-cluster-badge").count(), 0);
  await page.context().close();
}

test("also after a restart of the load balancer, with the database gone", async () => {
  const { lb, db } = cluster.state();
  const dir = loadBalancerDir(cluster.data);
  await quitNginx(lb.pid, loadBalancerMark(dir), 5000);
  await cluster.stopDatabase();
  restarted = await startLoadBalancer({ dir, port: lb.port, db });
  await everythingIs("STALE");
  await seenByVisitor("all-is-gone");
  assert.equal((await cluster.get("/dashboard")).status, 503);
});
