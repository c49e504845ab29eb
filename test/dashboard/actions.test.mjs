import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { waitFor } from "../../local/processes.mjs";
import { startSystem } from "../system/harness.mjs";
import { sharesOf, untilIdle, untilShares } from "../system/shares.mjs";
import { startBeats } from "./support/beats.mjs";
import { assertNoComplaints, card, enterSecret, openDashboards, untilShown } from "./support/page.mjs";

const SECRET = "s3cret";

/** @type {import("../system/harness.mjs").System} */
let system;
/** @type {ReturnType<typeof startBeats>} */
let beats;
/** @type {import("./support/page.mjs").Dashboards} */
let dashboards;

/** Nothing is evened out but what a test asks for. */
const QUIET = { REBALANCE_QUIET_TIME: "86400" };

before(async () => {
  system = await startSystem({ monitors: 18, env: { ...QUIET, CLUSTER_SECRET: SECRET, REBALANCE_BATCH: "3" } });
  beats = startBeats(system);
  dashboards = await openDashboards();
});
after(async () => {
  await dashboards?.close();
  await beats?.stop();
  await system?.close();
});
afterEach(() => assertNoComplaints(dashboards));

/** What is moved waits for its first beat: as long as there is none, an operation stays open. @param {boolean} isHeld */
function holdOperations(isHeld) {
  for (const { node_id } of system.nodes) (isHeld ? beats.silence : beats.resume)(node_id);
}

/** A page whose visitor has entered the secret. */
async function openTrusted() {
  const page = await dashboards.open(system.url);
  await page.getByRole("button", { name: "Check all nodes now" }).click();
  await enterSecret(page, SECRET);
  await page.getByText("Checked: 3 of 3 nodes online").waitFor();
  return page;
}

test("the secret is asked for, a wrong one is refused, the right one is kept for this tab alone", async () => {
  const page = await dashboards.open(system.url);
  const check = page.getByRole("button", { name: "Check all nodes now" });
  await check.click();
  const dialog = page.getByRole("dialog", { name: "The secret of the cluster" });
  await dialog.waitFor();
  assert.equal(await dialog.getByText("That is not the cluster's secret.").count(), 0);
  await enterSecret(page, "wrong");
  await dialog.getByText("That is not the cluster's secret.").waitFor();
  await enterSecret(page, SECRET);
  await page.getByText("Checked: 3 of 3 nodes online").waitFor();
  await check.click();
  await page.getByText("Checked: 3 of 3 nodes online").nth(1).waitFor();
  assert.equal(await dialog.count(), 0);
  const kept = await page.evaluate("JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])");
  assert.ok(!String(kept).includes(SECRET));
  await page.reload();
  await check.click();
  await dialog.waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  assert.equal(await page.locator(".notice").count(), 0, "who does not want to is not told off");
});

test("a rebalancing shows what it would move, and moves it once that is accepted", async () => {
  await system.sql("UPDATE monitor SET node_id = 'node1', assigned_node = NULL");
  await untilShares(system, { node1: 18 });
  const page = await openTrusted();
  await page.getByRole("button", { name: "Even out the nodes" }).click();
  const dialog = page.getByRole("dialog", { name: "Even out the nodes" });
  await dialog.getByText("12 monitors would move.").waitFor();
  await dialog.getByRole("row", { name: "node1 18 −12 – 6" }).waitFor();
  await dialog.getByText("All moves").click();
  assert.equal(await dialog.locator(".moves tbody tr").count(), 12);
  assert.deepEqual(await sharesOf(system), { node1: 18 }, "nothing has moved yet");
  holdOperations(true);
  await dialog.getByRole("button", { name: "Move 12 monitors" }).click();
  await page.getByText(/^Rebalancing \d+ is requested\.$/).waitFor();
  const running = page.getByRole("region", { name: "Under way" });
  await running.getByText("3 of 12 moved · 3 not yet seen to beat").waitFor();
  holdOperations(false);
  await untilShares(system, { node1: 6, node2: 6, node3: 6 });
  await untilIdle(system);
  await running.waitFor({ state: "detached" });
  await page.getByText("12 monitors moved to even out the nodes.").waitFor();
  await page.getByRole("button", { name: "Even out the nodes" }).click();
  await dialog.getByText("There is nothing to move.").waitFor();
  await dialog.getByRole("button", { name: "Close" }).click();
  await dialog.waitFor({ state: "detached" });
});

test("placing all monitors anew is planned and begun likewise", async () => {
  await system.sql("UPDATE monitor SET node_id = IF(id <= 9, 'node1', 'node2'), assigned_node = NULL");
  const page = await openTrusted();
  await page.getByRole("button", { name: "Place all monitors anew" }).click();
  const dialog = page.getByRole("dialog", { name: "Place all monitors anew" });
  await dialog.getByText(/monitors would move/).waitFor();
  await dialog.getByRole("button", { name: /^Move / }).click();
  await page.getByText(/^Redistribution \d+ is requested\.$/).waitFor();
  await untilShares(system, { node1: 6, node2: 6, node3: 6 });
  await untilIdle(system);
});

test("a visitor goes to a node and stays there, until released", async () => {
  const page = await dashboards.open(system.url);
  const mine = page.getByRole("region", { name: "Your node" });
  await mine.getByText(/The load balancer has put you on/).waitFor();
  const [here] = await page.locator(".node--here h3").allTextContents();
  const other = ["node1", "node2", "node3"].find((node) => node !== here) ?? "";
  await card(page, other)
    .getByRole("button", { name: `Switch to ${other}` })
    .click();
  await mine.getByText(`You stay at ${other}.`).waitFor();
  await card(page, other).getByText("You are here").waitFor();
  const [cookie] = await page.context().cookies();
  assert.deepEqual([cookie?.name, cookie?.value, cookie?.httpOnly], ["KUMA_FIXED_NODE", other, true]);
  await mine.getByLabel("Stay at").selectOption(here ?? "");
  await mine.getByRole("button", { name: "Stay", exact: true }).click();
  await mine.getByText(`You stay at ${here}.`).waitFor();
  await mine.getByRole("button", { name: "Release" }).click();
  await mine.getByText(/The load balancer has put you on/).waitFor();
  assert.deepEqual(await page.context().cookies(), []);
  assert.equal(await mine.getByRole("button", { name: "Release" }).count(), 0);
});

test("a node is drained after a question, with progress, and ready again", async () => {
  const page = await openTrusted();
  await card(page, "node2").getByRole("button", { name: "Drain node2" }).click();
  const dialog = page.getByRole("dialog", { name: "Drain node2?" });
  await dialog.getByText("6 monitors move to other nodes").waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  assert.equal(await card(page, "node2").getByText("Online", { exact: true }).count(), 1);
  await card(page, "node2").getByRole("button", { name: "Drain node2" }).click();
  holdOperations(true);
  await dialog.getByRole("button", { name: "Drain it" }).click();
  await page.getByText("node2 is being drained.", { exact: true }).first().waitFor();
  await untilShown(page, "node2", "Draining");
  await page.getByRole("progressbar", { name: "Drain of node2" }).waitFor();
  holdOperations(false);
  await untilShares(system, { node1: 9, node3: 9 });
  await card(page, "node2").getByRole("button", { name: "node2 is ready" }).click();
  await untilShown(page, "node2", "Online");
  await untilShares(system, { node1: 6, node2: 6, node3: 6 });
  await untilIdle(system);
});

test("what the load balancer refuses is shown in its own words", async () => {
  const page = await openTrusted();
  for (const node of [1, 2]) await system.nodes[node]?.stop();
  await system.untilStatus({ node2: "offline", node3: "offline" });
  await untilShown(page, "node3", "Offline");
  await card(page, "node1").getByRole("button", { name: "Drain node1" }).click();
  await page.getByRole("button", { name: "Drain it" }).click();
  const refusal = await system.post("/lb/nodes/node1/drain", { headers: { "X-Cluster-Secret": SECRET } });
  assert.equal(refusal.status, 409);
  const notice = page.locator(".notice--error");
  await notice.getByText(refusal.json.message).waitFor();
  await notice.getByRole("button", { name: "Dismiss" }).click();
  await notice.waitFor({ state: "detached" });
  for (const node of [1, 2]) await system.nodes[node]?.start();
  await system.untilStatus({ node2: "online", node3: "online" });
  await untilIdle(system);
});

test("everything can be done by the keyboard", async () => {
  const page = await dashboards.open(system.url);
  await untilShown(page, "node1", "Online");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate("document.activeElement.id"), "content");
  const drain = page.getByRole("button", { name: "Drain node3" });
  const isOn = () => drain.evaluate((element) => element === document.activeElement);
  await waitFor(
    async () => {
      await page.keyboard.press("Tab");
      return await isOn();
    },
    { what: "the focus on the button", everyMs: 1 },
  );
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "Drain node3?" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  assert.ok(await isOn(), "the focus is back where it was");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "The secret of the cluster" }).waitFor();
  await page.keyboard.type(SECRET);
  await page.keyboard.press("Enter");
  await untilShown(page, "node3", "Draining");
  await system.post("/lb/nodes/node3/ready", { headers: { "X-Cluster-Secret": SECRET } });
  await system.untilStatus({ node3: "online" });
});
