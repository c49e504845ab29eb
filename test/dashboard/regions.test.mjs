// Regional checks on the page: probes that speak as real ones do, and what a visitor sees and does.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { startLoadBalancer } from "../../local/load-balancer.mjs";
import { freePort } from "../../local/ports.mjs";
import { startSystem } from "../system/harness.mjs";
import { assertNoComplaints, DESKTOP, enterSecret, graveFindings, openDashboards, PHONE } from "./support/page.mjs";
import { registerProbe } from "./support/probes.mjs";

const SECRET = "s3cret";

/** @type {import("../system/harness.mjs").System} */
let system;
/** @type {import("./support/page.mjs").Dashboards} */
let dashboards;
/** @type {import("./support/probes.mjs").SomeProbe} */
let frankfurt;
/** @type {import("./support/probes.mjs").SomeProbe} */
let virginia;

/** @typedef {import("playwright-core").Page} Page */

before(async () => {
  system = await startSystem({ nodes: 2, monitors: 4, env: { CLUSTER_SECRET: SECRET } });
  dashboards = await openDashboards();
});
after(async () => {
  await dashboards?.close();
  await system?.close();
});
afterEach(() => assertNoComplaints(dashboards));

/** @param {Page} page */
const panel = (page) => page.getByRole("region", { name: "Regional checks" });

/** A page of somebody who has shown the secret. @param {Parameters<typeof dashboards.open>[1]} [options] */
async function openPanel(options) {
  const page = await dashboards.open(system.url, options);
  await panel(page).getByRole("button", { name: "Show" }).click();
  await enterSecret(page, SECRET);
  return page;
}

/** @param {Page} page */
const form = (page) => page.getByRole("dialog", { name: "Add a regional check" });

/** @param {Page} page */
async function openForm(page) {
  await panel(page).getByRole("button", { name: "Add a check" }).click();
  await form(page).waitFor();
}

/** @param {Page} page */
const send = (page) => form(page).getByRole("button", { name: "Add a check" }).click();

/** The row of a check once its cells have these texts in their order; "" stands for any. @param {Page} page @param {string} name @param {string[]} cells */
async function untilRow(page, name, cells) {
  const row = panel(page)
    .getByRole("row")
    .filter({ has: page.getByRole("rowheader", { name }) });
  for (const [index, text] of cells.entries()) {
    if (text !== "") await row.getByRole("cell").nth(index).getByText(text).waitFor();
  }
  return row;
}

/** @returns {Promise<ProbeCheckBody[]>} */
async function checks() {
  const { json } = await system.get("/lb/probe-checks", { headers: { "X-Cluster-Secret": SECRET } });
  return json.checks;
}

/** @param {string} name */
async function idOf(name) {
  const found = (await checks()).find((check) => check.name === name);
  assert.ok(found, name);
  return found.id;
}

test("who has not shown the secret sees neither probes nor checks; without any there is nothing of them on the page", async () => {
  const page = await dashboards.open(system.url);
  await panel(page).getByText("Who has the cluster's secret sees the probes and their checks.").waitFor();
  await panel(page).getByRole("button", { name: "Show" }).click();
  await enterSecret(page, "wrong");
  await page.getByText("That is not the cluster's secret.").waitFor();
  const read = page.waitForResponse((answer) => answer.url().endsWith("/lb/probe-checks") && answer.ok());
  await enterSecret(page, SECRET);
  await read;
  await panel(page).waitFor({ state: "detached" });
  await page.getByRole("heading", { name: "All 2 nodes are online" }).waitFor();
  await page.close();
});

test("a check is added by the form, which tells what is wrong at the field", async () => {
  frankfurt = await registerProbe(system.url, SECRET, { probe_id: "probe-eu", region: "eu", name: "Frankfurt" });
  virginia = await registerProbe(system.url, SECRET, { probe_id: "probe-us", region: "us" });
  const page = await openPanel();
  await panel(page).getByText("No check yet.").waitFor();
  const list = panel(page).getByRole("list", { name: "Probes" });
  await list.getByText("Frankfurt").waitFor();
  assert.equal(await list.getByText("Online").count(), 2);
  await openForm(page);
  await form(page).getByLabel("Name", { exact: true }).fill("web shop");
  await form(page).getByLabel("URL").fill("shop.example.com");
  await send(page);
  const url = form(page).getByRole("textbox", { name: "URL" });
  await form(page).getByRole("alert").getByText("target.url must be an http or https URL.").waitFor();
  assert.equal(await url.getAttribute("aria-invalid"), "true");
  assert.ok(await url.evaluate((element) => element === document.activeElement), "the focus is where it is wrong");
  await url.fill("https://shop.example.com/");
  await form(page).getByLabel("Strategy").selectOption("Down when more than half say so");
  await send(page);
  await form(page).waitFor({ state: "detached" });
  await page.getByText("web shop is added: its probes begin within about a minute.").waitFor();
  const row = await untilRow(page, "web shop", ["Unknown", "No result yet", "No result yet"]);
  await row.getByText("Down when more than half say so").waitFor();
  const [check] = await checks();
  assert.deepEqual(check?.target, { url: "https://shop.example.com/", method: "GET" });
  assert.deepEqual([check.interval, check.strategy, check.regions], [60, "majority-down", undefined]);
  const monitor = row.getByRole("link", { name: `Push monitor ${check.monitor_id}` });
  assert.equal(await monitor.getAttribute("href"), `/dashboard/${check.monitor_id}`);
  const seen = await Promise.all(system.nodes.map((node) => node.seen()));
  assert.equal(
    seen.map(({ counts }) => counts["POST /api/v1/monitors"] ?? 0).reduce((sum, n) => sum + n),
    1,
  );
  await page.close();
});

test("the matrix has the vote of each probe, with its reason, and follows", async () => {
  const id = await idOf("web shop");
  await frankfurt.say(id, "up", { ping_ms: 23 });
  await virginia.say(id, "up", { ping_ms: 101 });
  const page = await openPanel();
  const row = await untilRow(page, "web shop", ["Up", "Up 23 ms", "Up 101 ms"]);
  await row.getByText(/^since /).waitFor();
  await frankfurt.say(id, "down", { message: "answered 503, wanted 200-299" });
  await virginia.say(id, "down", { message: "timeout after 10000 ms" });
  await untilRow(page, "web shop", ["Down", "answered 503, wanted 200-299", "timeout after 10000 ms"]);
  await page.getByRole("status").filter({ hasText: "web shop is down." }).waitFor({ state: "attached" });
  await frankfurt.say(id, "abstain", { message: "cannot reach its witness" });
  await untilRow(page, "web shop", ["Down", "cannot reach its witness", "Down"]);
  await system.sql("UPDATE probe_vote SET at = at - INTERVAL 10 MINUTE WHERE probe_id = 'probe-us'");
  await untilRow(page, "web shop", ["Unknown", "Abstains", "Expired"]);
  await system.sql("UPDATE probe SET last_seen = NOW(6) - INTERVAL 5 MINUTE WHERE probe_id = 'probe-us'");
  await panel(page).getByText("Silent").waitFor();
  await page.getByRole("status").filter({ hasText: "probe-us is silent." }).waitFor({ state: "attached" });
  await page.close();
});

test("checks of all kinds, for some regions, with a quorum; what Uptime Kuma does not take stays in the form", async () => {
  const page = await openPanel();
  await openForm(page);
  const dialog = form(page);
  await dialog.getByLabel("Name", { exact: true }).fill("mail");
  await dialog.getByLabel("Kind").selectOption("tcp");
  assert.equal(await dialog.getByLabel("URL").count(), 0);
  await dialog.getByLabel("Host").fill("mail.example.com");
  await dialog.getByLabel("Port").fill("587");
  await dialog.getByLabel("Interval").fill("30");
  await dialog.getByLabel("Quorum in place of it").fill("2");
  await dialog.getByRole("group", { name: "Regions" }).getByLabel("eu").check();
  for (const node of system.nodes) await node.behave({ answer: "503 not now" });
  await send(page);
  await dialog
    .getByRole("alert")
    .getByText(/^It could not be done: Uptime Kuma answered 503/)
    .waitFor();
  assert.equal(await dialog.getByLabel("Host").inputValue(), "mail.example.com");
  for (const node of system.nodes) await node.behave({ answer: "ok" });
  await send(page);
  await dialog.waitFor({ state: "detached" });
  const row = await untilRow(page, "mail", ["Unknown", "No result yet", "Not asked"]);
  await row.getByText("Down when 2 say so").waitFor();
  await openForm(page);
  await dialog.getByLabel("Name", { exact: true }).fill("names");
  await dialog.getByLabel("Kind").selectOption("dns");
  await dialog.getByLabel("Host name").fill("example.com");
  await dialog.getByLabel("Record type").selectOption("MX");
  await send(page);
  await untilRow(page, "names", ["Unknown"]);
  const [, mail, names] = await checks();
  assert.deepEqual([mail?.target, mail?.interval], [{ host: "mail.example.com", port: 587 }, 30]);
  assert.deepEqual([mail?.regions, mail?.quorum], [["eu"], 2]);
  assert.deepEqual(names?.target, { name: "example.com", type: "MX" });
  await page.close();
});

for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
  for (const viewport of [DESKTOP, PHONE]) {
    test(`axe finds nothing serious in matrix and form: ${colorScheme}, ${viewport.width} px`, async () => {
      const id = await idOf("mail");
      await frankfurt.say(id, "down", { message: "connection refused by somebody-with-a-long-name.example.com" });
      const page = await openPanel({ colorScheme, viewport, reducedMotion: "reduce" });
      await untilRow(page, "mail", ["", "connection refused"]);
      assert.deepEqual(await graveFindings(page), []);
      const width = await page.evaluate("document.documentElement.scrollWidth");
      assert.equal(width, viewport.width, "nothing is wider than the screen");
      await openForm(page);
      await form(page).getByLabel("Name", { exact: true }).fill("x");
      await form(page).getByLabel("URL").fill("x");
      await send(page);
      await form(page).getByRole("alert").waitFor();
      assert.deepEqual(await graveFindings(page), []);
      await page.close();
    });
  }
}

test("a load balancer that follows, and shows its state to nobody, does the same with one question for the secret", async () => {
  const lb = await startLoadBalancer({
    ...{ dir: `${system.dir}/lb-2`, port: await freePort(), db: system.db, workers: 1 },
    env: { CLUSTER_SECRET: SECRET, LB_STATUS_PUBLIC: "false", UPTIME_KUMA_NODE_ID: "lb-2" },
  });
  try {
    const page = await dashboards.open(lb.url, { locale: "zh-TW" });
    await page.getByRole("dialog", { name: "叢集的密鑰" }).getByLabel("密鑰").fill(SECRET);
    await page.keyboard.press("Enter");
    const regions = page.getByRole("region", { name: "多地檢查" });
    await regions.getByRole("row", { name: "mail" }).getByText("connection refused").waitFor();
    await regions.getByRole("button", { name: "新增檢查" }).click();
    const dialog = page.getByRole("dialog", { name: "新增多地檢查" });
    await dialog.getByLabel("名稱", { exact: true }).fill("from the follower");
    await dialog.getByLabel("網址").fill("https://example.com/");
    await dialog.getByRole("button", { name: "新增檢查" }).click();
    await regions.getByRole("rowheader", { name: "from the follower" }).waitFor();
    await page.close();
  } finally {
    await lb.stop();
  }
});

test("a check is deleted after a question, by the keyboard alone", async () => {
  const page = await openPanel();
  const button = panel(page).getByRole("button", { name: "Delete: web shop" });
  const dialog = page.getByRole("dialog", { name: "Delete web shop?" });
  await button.focus();
  await page.keyboard.press("Enter");
  await dialog.getByText("Its push monitor in Uptime Kuma is deleted too, with its history.").waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  assert.ok(await button.evaluate((element) => element === document.activeElement));
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByText("web shop is deleted.").waitFor();
  await button.waitFor({ state: "detached" });
  const add = panel(page).getByRole("button", { name: "Add a check" });
  assert.ok(await add.evaluate((element) => element === document.activeElement), "the focus is not lost");
  assert.ok(!(await checks()).some(({ name }) => name === "web shop"));
  const { json } = await system.get("/lb/probes", { headers: { "X-Cluster-Secret": SECRET } });
  assert.equal(json.probes.length, 2, "its probes stay");
  await page.close();
});
