import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser } from "../cluster/browser.mjs";
import { startSystem } from "./harness.mjs";

/** @type {import("./harness.mjs").System} */
let system;
/** @type {import("../cluster/browser.mjs").Browser} */
let browser;

before(async () => {
  system = await startSystem({ nodes: 1 });
  browser = await openBrowser();
});
after(async () => {
  await browser?.close(system.dir);
  await system?.close();
});

/** @param {import("../cluster/browser.mjs").Page} page @returns {string[]} what goes wrong on it, from now on */
function complaints(page) {
  /** @type {string[]} */
  const found = [];
  page.on("console", (message) => message.type() === "error" && found.push(message.text()));
  page.on("pageerror", (error) => found.push(error.message));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(system.url) && !url.startsWith("data:")) found.push(url);
  });
  return found;
}

test("/lb/docs shows every operation, asks no other site, and keeps to its content security policy", async () => {
  const { paths } = (await system.get("/lb/openapi.json")).json;
  const operations = Object.values(paths).flatMap((methods) => Object.keys(methods)).length;
  const page = await browser.newVisitor();
  const found = complaints(page);
  await page.goto(`${system.url}/lb/docs`);
  await page.waitForSelector(".opblock");
  assert.equal(await page.locator(".opblock").count(), operations);
  await page.click("#operations-cluster-getHealth");
  await page.click("#operations-cluster-getHealth .try-out__btn");
  await page.click("#operations-cluster-getHealth .execute");
  const status = page.locator("#operations-cluster-getHealth .live-responses-table tbody .response-col_status");
  assert.match(String(await status.textContent()), /^200/);
  assert.deepEqual(found, []);
  await page.close();
});

test("the page is dark where the visitor's other pages are", async () => {
  const page = await browser.newVisitor();
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto(`${system.url}/lb/docs`);
  await page.waitForSelector("html.dark-mode .opblock");
  await page.emulateMedia({ colorScheme: "light" });
  await page.waitForSelector("html:not(.dark-mode) .opblock");
  await page.close();
});

test("without its renderer the page says how to get it", async () => {
  const page = await browser.newVisitor();
  await page.route("**/swagger-ui*", (route) => route.fulfill({ status: 404 }));
  await page.goto(`${system.url}/lb/docs`);
  assert.match(await page.innerText("#missing"), /npm ci && npm run build/);
  assert.equal(await page.getAttribute("#missing a", "href"), "/lb/openapi.json");
  await page.close();
});

test("the files of the page are compressed, and what is not there is an error like all others", async () => {
  const script = await system.get("/lb/docs/swagger-ui-bundle.js", { headers: { "Accept-Encoding": "gzip" } });
  assert.equal(script.headers["content-encoding"], "gzip");
  assert.match(String(script.headers["content-security-policy"]), /script-src 'self';/);
  for (const path of ["/lb/docs/nothing.js", "/lb/assets/"]) {
    const answer = await system.get(path);
    assert.equal(answer.status, 404, path);
    assert.equal(answer.json.error, "not_found", path);
  }
});
