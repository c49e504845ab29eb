// A person with Chromium. Only what Kuma's pages have in common from 2.0.0-dev.0 to 2.5 is used to find things on them.
import { join } from "node:path";
import { chromium } from "playwright-core";

const ARGUMENTS = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];
const PAGE_TIMEOUT_MS = 60000;

/**
 * @typedef {import("playwright-core").Page} Page
 * @typedef {{username: string, password: string}} User
 * @typedef {Awaited<ReturnType<typeof openBrowser>>} Browser
 */

/** Starts Chromium with a fresh profile. */
export async function openBrowser() {
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ARGUMENTS });
  /** @type {string[]} */
  const serverErrors = [];
  return {
    /** What the server failed to answer, on all pages. */
    serverErrors,
    /**
     * A page that shares nothing with the pages before it, as in a private window.
     * @param {{url: string, node: string}} [fixed] the node at which the visitor has chosen to stay
     * @param {import("playwright-core").BrowserContextOptions} [more] what is particular about the visitor
     */
    newVisitor: async (fixed, more = {}) => {
      const context = await browser.newContext({ locale: "en-US", ...more });
      if (fixed !== undefined) {
        await context.addCookies([{ name: "KUMA_FIXED_NODE", value: fixed.node, url: fixed.url }]);
      }
      const page = await context.newPage();
      page.setDefaultTimeout(PAGE_TIMEOUT_MS);
      page.on("response", (response) => {
        if (response.status() >= 500) serverErrors.push(`${response.status()} ${response.url()}`);
      });
      return page;
    },
    /** @param {string} folder gets a picture of every page that is still open: those of failed tests */
    close: async (folder) => {
      const open = browser.contexts().flatMap((context) => context.pages());
      await Promise.all(open.map((page, index) => screenshot(page, folder, `left-open-${index + 1}`)));
      await browser.close();
    },
  };
}

/**
 * Goes through the set-up wizard to which an empty Kuma sends everybody.
 * @param {Page} page @param {string} url @param {User} user
 */
export async function setUpByHand(page, url, { username, password }) {
  await page.goto(url);
  await page.waitForURL("**/setup");
  await page.fill('[data-cy="username-input"]', username);
  await page.fill('[data-cy="password-input"]', password);
  await page.fill('[data-cy="password-repeat-input"]', password);
  await page.click('[data-cy="submit-setup-form"]');
  await page.waitForURL("**/dashboard");
}

/** @param {Page} page @param {string} url @param {User} user */
export async function logInByHand(page, url, { username, password }) {
  await page.goto(`${url}/dashboard`);
  await page.fill("#floatingInput", username);
  await page.fill("#floatingPassword", password);
  await page.click("form button[type=submit]");
  await page.getByPlaceholder("Search").waitFor();
}

/**
 * @param {Page} page logged in @param {string} url @param {{name: string, target: string}} monitor
 * @returns {Promise<number>} the id of the new monitor
 */
export async function addMonitorByHand(page, url, { name, target }) {
  await page.goto(`${url}/add`);
  await page.selectOption("#type", "http");
  await page.fill("#name", name);
  await page.fill("#url", target);
  await page.fill("#interval", "20");
  await page.click("#monitor-submit-btn");
  await page.waitForURL(/\/dashboard\/\d+$/);
  return Number(page.url().split("/").at(-1));
}

/** Waits until the page of a monitor says "Up", without loading it anew. @param {Page} page */
export async function untilUp(page) {
  await page.locator(".badge:visible", { hasText: /^Up$/ }).first().waitFor();
}

/** Opens the page of a monitor by the list of them, in which it may still have to appear. @param {Page} page @param {string} name */
export async function openMonitorByHand(page, name) {
  await page.locator(".monitor-list a.item", { hasText: name }).first().click();
  await page.waitForURL(/\/dashboard\/\d+$/);
}

/** @param {Page} page @param {string} folder @param {string} name */
export async function screenshot(page, folder, name) {
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
