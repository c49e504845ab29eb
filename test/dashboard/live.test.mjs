import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { startLoadBalancer } from "../../local/load-balancer.mjs";
import { freePort } from "../../local/ports.mjs";
import { startSystem } from "../system/harness.mjs";
import { untilIdle } from "../system/shares.mjs";
import { assertNoComplaints, card, graveFindings, openDashboards, untilShown } from "./support/page.mjs";

/** The page asks every second, and shows what it is told at once: one request may have been under way, one is to spare. */
const REQUESTS = 3;

/** @type {import("../system/harness.mjs").System} */
let system;
/** @type {import("./support/page.mjs").Dashboards} */
let dashboards;

before(async () => {
  system = await startSystem({ monitors: 12 });
  dashboards = await openDashboards();
});
after(async () => {
  await dashboards?.close();
  await system?.close();
});
afterEach(() => assertNoComplaints(dashboards));

/**
 * What a screen reader is told from now on.
 * @param {import("./support/page.mjs").Page} page
 * @returns {Promise<() => Promise<string[]>>} what was said so far
 */
async function listen(page) {
  await page.evaluate(() => {
    const region = document.querySelector(".unseen[role=status]");
    /** @type {string[]} */
    const said = [];
    Object.assign(window, { said });
    if (region !== null) {
      const options = { childList: true, characterData: true, subtree: true };
      new MutationObserver(() => said.push(region.textContent ?? "")).observe(region, options);
    }
  });
  return () => page.evaluate("said");
}

/**
 * Lets the page ask so many times more how the cluster is.
 * @param {import("./support/page.mjs").Page} page @param {number} count
 * @returns {Promise<() => Promise<void>>} ends that: what was held back goes on
 */
async function limitRequests(page, count) {
  let left = count;
  /** @type {(value?: unknown) => void} */
  let open = () => {};
  const opened = new Promise((resolve) => (open = resolve));
  await page.route("**/lb/system-status", async (route) => {
    left -= 1;
    if (left < 0) await opened;
    // The page may have given up on one that was held back.
    await route.continue().catch(() => {});
  });
  return async () => {
    open();
    await page.unroute("**/lb/system-status");
  };
}

test("a node that dies while the page is open is shown offline within three requests of the load balancer's knowing", async () => {
  const page = await dashboards.open(system.url);
  await untilShown(page, "node2", "Online");
  await page.getByRole("heading", { name: "All 3 nodes are online" }).waitFor();
  const said = await listen(page);
  await system.nodes[1]?.kill();
  await system.untilStatus({ node2: "offline" });
  const letGo = await limitRequests(page, REQUESTS);
  await untilShown(page, "node2", "Offline");
  await letGo();
  await page.getByRole("heading", { name: "2 of 3 nodes are online" }).waitFor();
  await page.locator(".summary").getByText("node2 is offline").waitFor();
  await card(page, "node2").getByText("3 failed checks in a row").waitFor();
  await page.getByText("4 monitors of node2 moved to other nodes.").waitFor();
  assert.ok((await said()).includes("node2 is offline."));
  await system.nodes[1]?.start();
  await untilShown(page, "node2", "Online");
  await page.getByText("4 monitors went home to node2.").waitFor();
  await untilIdle(system);
});

test("the cards stay the same elements from one answer to the next", async () => {
  const page = await dashboards.open(system.url);
  await untilShown(page, "node3", "Online");
  const isSame = await page.evaluate(async () => {
    const before = [...document.querySelectorAll(".node")];
    await new Promise((resolve) => setTimeout(resolve, 3000));
    const now = [...document.querySelectorAll(".node")];
    return before.length > 0 && before.every((element, index) => element === now[index]);
  });
  assert.ok(isSame);
});

test("where a monitor runs, and why, is told for its number", async () => {
  const page = await dashboards.open(system.url);
  const field = page.getByLabel("Number of the monitor");
  await field.fill("2");
  await field.press("Enter");
  await page.getByText(/^node2 runs it/).waitFor();
  await page.getByRole("heading", { name: "m1", exact: true }).waitFor();
  await field.fill("999");
  await page.getByRole("button", { name: "Find" }).click();
  await page.getByText("There is no monitor 999.").waitFor();
  await field.fill("x");
  await field.press("Enter");
  await page.getByText("Enter the number of a monitor").waitFor();
});

test("a browser in Chinese gets Chinese, and can have English, which is kept", async () => {
  const page = await dashboards.open(system.url, { locale: "zh-TW" });
  await page.getByRole("heading", { name: "3 個節點全部在線" }).waitFor();
  assert.equal(await page.locator("html").getAttribute("lang"), "zh-TW");
  assert.equal(await page.title(), "Uptime Kuma 叢集");
  await page.getByRole("radio", { name: "English" }).check({ force: true });
  await page.getByRole("heading", { name: "All 3 nodes are online" }).waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "All 3 nodes are online" }).waitFor();
});

test("the appearance follows the browser, or what is chosen, which is kept", async () => {
  const page = await dashboards.open(system.url, { colorScheme: "dark" });
  const ground = () => page.evaluate("getComputedStyle(document.documentElement).backgroundColor");
  const dark = await ground();
  await page.getByRole("radio", { name: "Light" }).check({ force: true });
  const light = await ground();
  assert.notEqual(light, dark);
  await page.reload();
  await page.getByRole("radio", { name: "Light", checked: true }).waitFor();
  assert.equal(await ground(), light);
});

test("while the load balancer is away the page says since when, keeps what it knew, and recovers by itself", async () => {
  const settings = {
    ...{ dir: `${system.dir}/lb-2`, port: await freePort(), db: system.db, workers: 1 },
    env: { CLUSTER_NODE_COUNT: "3", UPTIME_KUMA_NODE_ID: "lb-2" },
  };
  const own = await startLoadBalancer(settings);
  const page = await dashboards.open(own.url);
  await untilShown(page, "node1", "Online");
  await own.stop();
  const banner = page.getByRole("alert");
  await banner.getByText("The load balancer does not answer").waitFor();
  await page.getByText(/^Since \d/).waitFor();
  assert.equal(await page.locator(".page--old").count(), 1);
  assert.deepEqual(await graveFindings(page), []);
  await untilShown(page, "node1", "Online");
  const again = await startLoadBalancer(settings);
  try {
    await banner.waitFor({ state: "detached" });
    await page.getByText("Live", { exact: true }).waitFor();
    assert.equal(await page.locator(".page--old").count(), 0);
  } finally {
    await page.close();
    await again.stop();
  }
});

test("a part that cannot be shown leaves the others as they are, and an answer of another kind is said to be one", async () => {
  const page = await dashboards.open(system.url);
  await untilShown(page, "node1", "Online");
  let damage = (/** @type {any} */ body) => delete body.health.failover_history;
  await page.route("**/lb/system-status", async (route) => {
    const response = await route.fetch();
    const body = await response.json();
    damage(body);
    await route.fulfill({ response, json: body });
  });
  await page.getByText("This part cannot be shown at the moment.").waitFor();
  await untilShown(page, "node1", "Online");
  damage = (body) => delete body.cluster;
  await page.getByRole("alert").getByText("The answer was not one of the load balancer's.").waitFor();
  await untilShown(page, "node1", "Online");
  await page.unroute("**/lb/system-status");
  await page.getByRole("alert").waitFor({ state: "detached" });
  await page.getByRole("heading", { name: "What happened" }).waitFor();
  await page.close();
  // That is what was provoked here.
  dashboards.complaints.length = 0;
});

test("what nodes call themselves, and why they fail, is text and nothing else", async () => {
  const name = `<img src=x onerror="document.title='broken'">`;
  const hostile = "<script>document.title = 'broken'</script>\u202e{{ 7 * 7 }}";
  await system.sql(`UPDATE node SET node_name = '${name.replaceAll("'", "''")}' WHERE node_id = 'node3'`);
  await system.nodes[1]?.behave({ health: `503 ${hostile}` });
  await system.untilStatus({ node2: "offline" });
  const page = await dashboards.open(system.url);
  await page.getByRole("heading", { name, exact: true }).waitFor();
  await page.locator(".node").getByText("{{ 7 * 7 }}").first().waitFor();
  await page.getByRole("button", { name: `Drain ${name}` }).click();
  await page.getByRole("dialog", { name: `Drain ${name}?` }).waitFor();
  assert.equal(await page.title(), "Uptime Kuma Cluster");
  assert.equal(await page.locator("#app img, #app script").count(), 0);
  await page.close();
  await system.nodes[1]?.behave({ health: "ok" });
  await system.sql("UPDATE node SET node_name = node_id");
  await system.untilStatus({ node2: "online" });
});
