import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { after, afterEach, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { freePort } from "../../local/ports.mjs";
import { startLoadBalancer } from "../../local/load-balancer.mjs";
import { startSystem } from "../system/harness.mjs";
import { assertNoComplaints, DESKTOP, graveFindings, openDashboards, PHONE, untilShown } from "./support/page.mjs";

/** All that the page loads, compressed. */
const MOST_BYTES = 60_000;
const MANY = 200;

const folder = fileURLToPath(new URL("../../nginx/html/lb/", import.meta.url));

/** @type {import("../system/harness.mjs").System} */
let system;
/** @type {import("./support/page.mjs").Dashboards} */
let dashboards;

before(async () => {
  system = await startSystem({ monitors: 12, env: { MONITOR_LIMIT_PER_NODE: "10" } });
  dashboards = await openDashboards();
});
after(async () => {
  await dashboards?.close();
  await system?.close();
});
afterEach(() => assertNoComplaints(dashboards));

test("what the page loads is less than 60 kB compressed, from /lb/ alone, under a policy that allows nothing else", async () => {
  const page = await dashboards.open(system.url);
  await untilShown(page, "node1", "Online");
  const html = await system.get("/lb/");
  assert.equal(html.status, 200);
  assert.match(
    String(html.headers["content-security-policy"]),
    /^default-src 'none'; script-src 'self'; style-src 'self'/,
  );
  const loaded = await page.evaluate("performance.getEntriesByType('resource').map((entry) => entry.name)");
  const files = new Set(/** @type {string[]} */ (loaded).filter((name) => name.startsWith(`${system.url}/lb/assets/`)));
  assert.deepEqual([...files].map((name) => name.slice(`${system.url}/lb/`.length)).sort(), [
    "assets/dashboard.css",
    "assets/dashboard.js",
  ]);
  const names = ["index.html", "assets/dashboard.css", "assets/dashboard.js"];
  const bytes = names.map((name) => gzipSync(readFileSync(folder + name)).length);
  const sum = bytes.reduce((total, length) => total + length);
  assert.ok(sum < MOST_BYTES, `${sum} bytes: ${bytes.join(", ")}`);
  const ours = readdirSync(folder, { recursive: true, encoding: "utf8" });
  assert.ok(names.every((name) => ours.includes(name)));
});

for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
  for (const viewport of [DESKTOP, PHONE]) {
    test(`axe finds nothing serious: ${colorScheme}, ${viewport.width} px`, async () => {
      await system.nodes[2]?.behave({ health: "503 database_lost" });
      await system.untilStatus({ node3: "offline" });
      const page = await dashboards.open(system.url, { colorScheme, viewport, reducedMotion: "reduce" });
      await untilShown(page, "node3", "Offline");
      await page.locator(".node__details summary").first().click();
      await page.getByLabel("Number of the monitor").fill("1");
      await page.getByRole("button", { name: "Find" }).click();
      await page.locator(".place").waitFor();
      assert.deepEqual(await graveFindings(page), []);
      await page.getByRole("button", { name: "Even out the nodes" }).click();
      await page
        .getByRole("dialog")
        .getByText(/would move|nothing to move/)
        .waitFor();
      assert.deepEqual(await graveFindings(page), []);
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Drain node1" }).click();
      assert.deepEqual(await graveFindings(page), []);
      const width = await page.evaluate("document.documentElement.scrollWidth");
      assert.equal(width, viewport.width, "nothing is wider than the screen");
      await page.close();
    });
  }
}

test("two hundred nodes are found, sorted and shown without a new page of elements each second", async () => {
  const rows = Array.from({ length: MANY - 3 }, (_, index) => {
    const offline = index % 50 === 0;
    return `('far${index}', 'far${index}', '127.0.0.1:1', '${offline ? "offline" : "online"}', NOW(6), NOW(6))`;
  });
  const insert = "INSERT INTO node (node_id, node_name, host, status, last_seen, status_since) VALUES ";
  await system.sql(insert + rows.join(","));
  const page = await dashboards.open(system.url, { viewport: { width: 2560, height: 1440 } });
  await page.getByText(`${MANY} of ${MANY} shown`).waitFor();
  await page.getByLabel("Find a node").fill("far19");
  await page.getByText(`8 of ${MANY} shown`).waitFor();
  await page.getByLabel("Find a node").fill("");
  await page.getByLabel("Order").selectOption("load");
  assert.match((await page.locator(".node h3").first().textContent()) ?? "", /^node[123]$/);
  const added = await page.evaluate(async () => {
    let count = 0;
    const observer = new MutationObserver((records) => {
      for (const record of records) count += record.addedNodes.length;
    });
    const list = document.querySelector(".nodes__list");
    if (list === null) return -1;
    observer.observe(list, { childList: true });
    await new Promise((resolve) => setTimeout(resolve, 3000));
    return count;
  });
  assert.ok(added >= 0 && added < MANY / 2, `${added} cards were made anew`);
  await page.close();
  await system.sql("DELETE FROM node WHERE node_id LIKE 'far%'");
});

test("where no status is public the page asks for the secret, and shows all once it has it", async () => {
  const lb = await startLoadBalancer({
    ...{ dir: `${system.dir}/lb-private`, port: await freePort(), db: system.db, workers: 1 },
    env: { CLUSTER_SECRET: "s3cret", LB_STATUS_PUBLIC: "false", UPTIME_KUMA_NODE_ID: "lb-private" },
  });
  try {
    const page = await dashboards.open(lb.url);
    const dialog = page.getByRole("dialog", { name: "The secret of the cluster" });
    await dialog.waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("alert").getByText("shows its state only to who may see it").waitFor();
    assert.equal(await page.locator(".node").count(), 0);
    await page.getByRole("button", { name: "Enter the secret" }).click();
    await dialog.getByLabel("Secret").fill("wrong");
    await page.keyboard.press("Enter");
    await dialog.getByText("That is not the cluster's secret.").waitFor();
    assert.deepEqual(await graveFindings(page), []);
    await dialog.getByLabel("Secret").fill("s3cret");
    await page.keyboard.press("Enter");
    await untilShown(page, "node1", "Online");
    assert.equal(await page.getByRole("alert").count(), 0);
    await page.close();
  } finally {
    await lb.stop();
  }
});
