// Runs the requests of a .http file as the extension "REST Client" of VS Code does; of its format, what our files use.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { request } from "./http.mjs";

/**
 * @typedef {object} HttpRequest with {{names}} still in it
 * @property {string} title
 * @property {string} [name] by which others refer to its answer
 * @property {number[]} expected statuses
 * @property {string} method
 * @property {string} url
 * @property {Record<string, string>} headers
 * @property {string} [body]
 *
 * @typedef {{variables: Record<string, string>, requests: HttpRequest[]}} HttpFile
 * @typedef {{title: string, method: string, url: string, expected: number[], answer: import("./http.mjs").Reply}} Outcome
 */

/** @param {string} name a file at the top level of the repository @returns {HttpFile} */
export function readHttpFile(name) {
  const text = readFileSync(fileURLToPath(new URL(`../../${name}`, import.meta.url)), "utf8");
  const variables = [...text.matchAll(/^@(\w+) *= *(.*)$/gm)].map(([, key, value]) => [key, value]);
  const blocks = text.split(/^###/m).slice(1);
  return { variables: Object.fromEntries(variables), requests: blocks.map(parseBlock) };
}

/** @param {string} block @returns {HttpRequest} */
function parseBlock(block) {
  const [title = "", ...lines] = block.split("\n");
  const isComment = (/** @type {string} */ line) => line.startsWith("#");
  const comments = lines.filter(isComment).join("\n");
  const [head = "", ...rest] = lines
    .filter((line) => !isComment(line))
    .join("\n")
    .trim()
    .split(/\n\n/);
  const [first = "", ...headers] = head.split("\n");
  const [method = "", url = ""] = first.split(" ");
  const body = rest.join("\n\n");
  return {
    ...{ title: title.trim(), method, url },
    name: /^# @name (\w+)$/m.exec(comments)?.[1],
    expected: (/^# expect ([\d ]+)$/m.exec(comments)?.[1] ?? "").split(" ").filter(Boolean).map(Number),
    headers: Object.fromEntries(headers.map((line) => line.split(/: */, 2))),
    ...(body === "" ? {} : { body }),
  };
}

/**
 * Sends the requests one after the other.
 * @param {HttpFile} file @param {Record<string, string>} values of variables, in place of those in the file
 * @returns {Promise<Outcome[]>}
 */
export async function runHttpFile(file, values) {
  const variables = { ...file.variables, ...values };
  /** @type {Record<string, import("./http.mjs").Reply>} */
  const answers = {};
  /** @param {string} text @returns {string} */
  const fill = (text) =>
    text.replace(/\{\{(\w+)(?:\.response\.body\.\$\.(\w+))?\}\}/g, (_, name, field) => {
      const value = field === undefined ? variables[name] : answers[name]?.json?.[field];
      if (value === undefined) throw new Error(`nothing is known of {{${name}}}`);
      return fill(String(value));
    });
  /** @type {Outcome[]} */
  const outcomes = [];
  for (const { title, name, expected, method, url, headers, body } of file.requests) {
    const filled = Object.fromEntries(Object.entries(headers).map(([key, value]) => [key, fill(value)]));
    const options = { method, headers: filled, ...(body === undefined ? {} : { body: fill(body) }) };
    const answer = await request(fill(url), options);
    if (name !== undefined) answers[name] = answer;
    outcomes.push({ title, method, url: fill(url), expected, answer });
  }
  return outcomes;
}

/**
 * What went otherwise than the file says.
 * @param {Outcome[]} outcomes
 * @returns {string[]}
 */
export function surprises(outcomes) {
  return outcomes
    .filter(({ expected, answer }) => !expected.includes(answer.status))
    .map(({ title, method, url, expected, answer }) => {
      const got = `${answer.status} ${answer.error ?? answer.text.slice(0, 200)}`;
      return `${title}: ${method} ${url}: expected ${expected.join(" or ")}, got ${got}`;
    });
}
