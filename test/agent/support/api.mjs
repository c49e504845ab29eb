// A client of the API of the nodes.
import { request } from "../../support/http.mjs";
import { ask, logIn } from "./browser.mjs";

/**
 * Sends a request to a node's API.
 * @param {{url: string}} node @param {string} method @param {string} path behind /api/v1
 * @param {{body?: unknown, headers?: Record<string, string>}} [options] `body` is sent as JSON
 */
export function send(node, method, path, { body, headers = {} } = {}) {
  const url = `${node.url}/api/v1${path}`;
  if (body === undefined) return request(url, { method, headers });
  const typed = { "Content-Type": "application/json", ...headers };
  return request(url, { method, headers: typed, body: JSON.stringify(body) });
}

/**
 * Makes an API key as the web page does.
 * @param {{url: string}} node @param {{active?: boolean, expires?: string | null}} [settings]
 * @returns {Promise<string>}
 */
export async function makeKey(node, { active = true, expires = null } = {}) {
  const browser = await logIn(node);
  const answer = await ask(browser, "addAPIKey", { name: "key", active, expires });
  browser.disconnect();
  if (answer.ok !== true) throw new Error(`cannot make an API key: ${JSON.stringify(answer)}`);
  return answer.key;
}
