// Makes the pictures of docs/dashboard.md and docs/regions.md, of a cluster that loses a node and gets it back:
// node test/dashboard/screenshots.mjs [folder]
import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { openBrowser } from "../cluster/browser.mjs";
import { startLoad } from "../support/http.mjs";
import { startSystem } from "../system/harness.mjs";
import { untilIdle } from "../system/shares.mjs";
import { startBeats } from "./support/beats.mjs";
import { enterSecret } from "./support/page.mjs";
import { registerProbe } from "./support/probes.mjs";
import { smallPng } from "./support/small-png.mjs";

const folder = process.argv[2] ?? fileURLToPath(new URL("../../docs/images", import.meta.url));
const REGIONS = ["eu-central", "eu-central", "eu-west", "us-east", "us-east"];
const DESKTOP = { width: 1440, height: 1500 };
const NARROW = { width: 1200, height: 900 };
const PHONE = { width: 390, height: 844 };
const SECRET = "s3cret";
/** For which the page is open between two things that happen. */
const PAUSE_MS = Number(process.env.PAUSE_MS ?? 40000);

const system = await startSystem({
  ...{ nodes: 5, monitors: 132 },
  env: { MONITOR_LIMIT_PER_NODE: "60", REBALANCE_BATCH: "6", UPTIME_KUMA_NODE_ID: "lb-1", CLUSTER_SECRET: SECRET },
});
const beats = startBeats(system);
const load = startLoad(`${system.url}/status/200`, {
  clients: 20,
  pauseMs: 150,
  from: (client) => `127.1.0.${client}`,
});
const browser = await openBrowser();

/** @param {"light" | "dark"} colorScheme @param {typeof PHONE} viewport */
async function openPage(colorScheme, viewport) {
  const page = await browser.newVisitor(undefined, { colorScheme, viewport, timezoneId: "Europe/Vienna" });
  await page.goto(`${system.url}/lb/`);
  await page.getByRole("heading", { name: "Nodes", exact: true }).waitFor();
  return page;
}

/** @param {import("playwright-core").Page} page @param {string} name @param {string} [selector] of a part; all else by default */
async function take(page, name, selector) {
  await page.mouse.move(0, 0);
  const picture = await (selector === undefined ? page : page.locator(selector)).screenshot();
  writeFileSync(join(folder, `dashboard-${name}.png`), smallPng(picture));
}

async function failOver() {
  beats.silence("node3");
  await system.nodes[2]?.kill();
  await system.untilStatus({ node3: "offline" });
}

async function comeBack() {
  await system.nodes[2]?.start();
  beats.resume("node3");
  await system.untilStatus({ node3: "online" });
  await untilIdle(system);
}

/** @param {object} body @returns {Promise<number>} the id of the check */
async function addCheck(body) {
  const headers = { "X-Cluster-Secret": SECRET, "Content-Type": "application/json" };
  const { json } = await system.post("/lb/probe-checks", { headers, body: JSON.stringify(body) });
  return json.id;
}

/** Four checks from three places: one target is away in two of them, and one probe has lost its own connection. */
async function addRegions() {
  const places = { "ap-southeast": "Singapore", "eu-central": "Frankfurt", "us-east": "Virginia" };
  const [ap, eu, us] = await Promise.all(
    Object.entries(places).map(([region, name]) =>
      registerProbe(system.url, SECRET, { probe_id: `probe-${region}`, region, name }),
    ),
  );
  const shop = { url: "https://shop.example.com/" };
  const ids = [
    await addCheck({ name: "web shop", kind: "http", target: shop, strategy: "majority-down" }),
    await addCheck({ name: "status API", kind: "http", target: { url: "https://api.example.com/v1/status" } }),
    await addCheck({ name: "name servers", kind: "dns", target: { name: "example.com", type: "MX" }, quorum: 2 }),
    await addCheck({
      ...{ name: "mail", kind: "tcp", target: { host: "mail.example.com", port: 587 } },
      ...{ regions: ["eu-central", "us-east"], strategy: "all-down" },
    }),
  ];
  for (const [index, id] of ids.entries()) {
    await eu?.say(id, "up", { ping_ms: 23 + 8 * index });
    if (index > 0) await us?.say(id, "up", { ping_ms: 101 - 5 * index });
    if (index > 0 && index < 3) await ap?.say(id, "up", { ping_ms: 180 - 7 * index });
  }
  await ap?.say(ids[0] ?? 0, "down", { message: "timeout after 10000 ms" });
  await us?.say(ids[0] ?? 0, "down", { message: "answered 503, wanted 200-299" });
  await ap?.say(ids[1] ?? 0, "abstain", { message: "cannot reach its witness 1.1.1.1:53" });
}

try {
  mkdirSync(folder, { recursive: true });
  for (const [index, region] of REGIONS.entries()) {
    await system.sql(`UPDATE node SET region = '${region}' WHERE node_id = 'node${index + 1}'`);
  }
  const [light, dark] = [await openPage("light", DESKTOP), await openPage("dark", DESKTOP)];
  const [lightPhone, darkPhone] = [await openPage("light", PHONE), await openPage("dark", PHONE)];
  await sleep(PAUSE_MS);
  await failOver();
  await sleep(PAUSE_MS / 2);
  await take(dark, "desktop-dark");
  await take(darkPhone, "phone-dark");
  await comeBack();
  await sleep(PAUSE_MS);
  await light.getByRole("button", { name: "Switch to node2" }).click();
  await light.locator(".notice").waitFor();
  await light.locator(".notice").waitFor({ state: "detached" });
  await take(light, "desktop-light");
  await lightPhone.evaluate("document.getElementById('nodes').scrollIntoView()");
  await take(lightPhone, "phone-light");
  await system.sql("UPDATE monitor SET node_id = 'node1' WHERE node_id = 'node4'");
  await sleep(2000);
  await light.getByRole("button", { name: "Even out the nodes" }).click();
  await enterSecret(light, SECRET);
  await light.getByText("would move").waitFor();
  await take(light, "plan");
  await addRegions();
  const regional = await openPage("light", NARROW);
  await regional.getByRole("button", { name: "Show", exact: false }).click();
  await enterSecret(regional, SECRET);
  await regional.locator("#regions").getByText("since").first().waitFor();
  await take(regional, "regions", "#regions");
} finally {
  await browser.close(tmpdir());
  await load.stop();
  await beats.stop();
  await system.close();
}
