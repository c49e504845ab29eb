// Makes the pictures of docs/dashboard.md, of a cluster that loses a node and gets it back:
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
import { smallPng } from "./support/small-png.mjs";

const folder = process.argv[2] ?? fileURLToPath(new URL("../../docs/images", import.meta.url));
const REGIONS = ["eu-central", "eu-central", "eu-west", "us-east", "us-east"];
const DESKTOP = { width: 1440, height: 1500 };
const PHONE = { width: 390, height: 844 };
/** For which the page is open between two things that happen. */
const PAUSE_MS = Number(process.env.PAUSE_MS ?? 40000);

const system = await startSystem({
  ...{ nodes: 5, monitors: 132 },
  env: { MONITOR_LIMIT_PER_NODE: "60", REBALANCE_BATCH: "6", UPTIME_KUMA_NODE_ID: "lb-1" },
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

/** @param {import("playwright-core").Page} page @param {string} name */
async function take(page, name) {
  await page.mouse.move(0, 0);
  writeFileSync(join(folder, `dashboard-${name}.png`), smallPng(await page.screenshot()));
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
  await light.getByText("would move").waitFor();
  await take(light, "plan");
} finally {
  await browser.close(tmpdir());
  await load.stop();
  await beats.stop();
  await system.close();
}
