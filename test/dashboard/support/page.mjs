// The dashboard in a browser, and all that it must not do.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import assert from "node:assert/strict";
import { openBrowser } from "../../cluster/browser.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const DESKTOP = { width: 1440, height: 900 };
export const PHONE = { width: 360, height: 740 };

/**
 * @typedef {import("playwright-core").Page} Page
 * @typedef {Awaited<ReturnType<typeof openDashboards>>} Dashboards
 */

/** A browser whose pages write down what went wrong in any of them. */
export async function openDashboards() {
  const browser = await openBrowser();
  /** Errors of scripts, refusals by the Content-Security-Policy, requests to elsewhere. @type {string[]} */
  const complaints = [];
  return {
    complaints,
    close: () => browser.close(tmpdir()),
    /**
     * @param {string} url of the load balancer
     * @param {import("playwright-core").BrowserContextOptions} [visitor]
     */
    open: async (url, visitor = {}) => {
      const page = await browser.newVisitor(undefined, { viewport: DESKTOP, ...visitor });
      page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
      page.on("console", (message) => {
        const isRefusal = /Content.Security.Policy|Refused to/i.test(message.text());
        // The browser itself reports what the load balancer refuses, as it should.
        if (isRefusal || (message.type() === "error" && !message.text().startsWith("Failed to load resource"))) {
          complaints.push(`console: ${message.text()}`);
        }
      });
      page.on("request", (request) => {
        const isOurs = request.url().startsWith(`${url}/lb/`) || request.url().startsWith("data:");
        if (!isOurs) complaints.push(`request: ${request.url()}`);
      });
      await page.goto(`${url}/lb/`);
      return page;
    },
  };
}

/** Answers the question for the secret. @param {Page} page @param {string} secret */
export async function enterSecret(page, secret) {
  const dialog = page.getByRole("dialog", { name: "The secret of the cluster" });
  await dialog.getByLabel("Secret").fill(secret);
  await dialog.getByRole("button", { name: "Go on" }).click();
}

/** The card of a node. @param {Page} page @param {string} name */
export function card(page, name) {
  return page.locator(".node").filter({ has: page.getByRole("heading", { name, exact: true }) });
}

/** Waits until the card of the node says so. @param {Page} page @param {string} name @param {string} state */
export async function untilShown(page, name, state) {
  await card(page, name).getByText(state, { exact: true }).waitFor();
}

/**
 * What axe finds grave on the page as it is.
 * @param {Page} page
 * @returns {Promise<string[]>} rule and element
 */
export async function graveFindings(page) {
  await page.evaluate(AXE);
  /** @type {{violations: {id: string, impact: string, nodes: {html: string}[]}[]}} */
  const result = await page.evaluate("axe.run()");
  return result.violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

/** @param {Dashboards} dashboards */
export function assertNoComplaints({ complaints }) {
  assert.deepEqual(complaints, []);
}
