import assert from "node:assert/strict";
import { Ajv2020 } from "ajv/dist/2020.js";

/**
 * @typedef {import("./http.mjs").Reply} Reply
 * @typedef {object} Operation
 * @property {string} name "GET /lb/health"
 * @property {string} method
 * @property {string} path
 * @property {RegExp} pattern
 * @property {Map<string, Answer>} statuses
 * @property {string[]} query names of its parameters
 * @property {string[]} errors "404 node_not_found"
 *
 * @typedef {{content?: Record<string, {schema?: any}>}} Answer
 */

/**
 * Holds answers against what an OpenAPI document says of them. The document lets bodies have more fields than it lists;
 * this does not: a field that nobody has described is a mistake in the types.
 * @param {any} document
 */
export function contractOf(document) {
  const operations = operationsOf(document);
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  ajv.addSchema({ $id: "document", components: close(document.components) });
  /** @type {Set<string>} */
  const seen = new Set();
  /** @param {string} method @param {string} path */
  const operationFor = (method, path) => {
    const [plain = ""] = path.split("?");
    const found = operations.find((operation) => operation.method === method && operation.pattern.test(plain));
    assert.ok(found, `no operation for ${method} ${path}`);
    return found;
  };
  return {
    operations,
    /** "GET /lb/health 200" of every answer that was held against the document, with its code when it is an error. */
    seen,
    /**
     * Fails unless the document allows this answer: its status, its type and its body.
     * @param {string} method @param {string} path with its query @param {Reply} answer
     */
    check: (method, path, answer) => {
      const operation = operationFor(method, path);
      const where = `${operation.name} ${answer.status}`;
      const documented = operation.statuses.get(String(answer.status));
      assert.ok(documented, `${where} is not documented: ${answer.text.slice(0, 300)}`);
      if (documented.content === undefined) {
        assert.equal(answer.text, "", where);
        seen.add(where);
        return;
      }
      const type = String(answer.headers["content-type"]).replace(/; charset=.*$/, "");
      const content = documented.content?.[type];
      assert.ok(content, `${where} is ${type}`);
      if (type === "application/json") assert.notEqual(answer.json, undefined, `${where} is no JSON`);
      if (content.schema !== undefined) assertValid(content.schema, answer.json, where);
      seen.add(where);
      if (answer.json?.error !== undefined) seen.add(`${where} ${answer.json.error}`);
    },
  };

  /** @param {object} schema @param {unknown} body @param {string} where */
  function assertValid(schema, body, where) {
    const validate = ajv.compile(/** @type {object} */ (absolute(close(schema))));
    const valid = validate(body);
    assert.ok(valid, `${where}: ${ajv.errorsText(validate.errors)}\n${JSON.stringify(body)}`);
  }
}

/** @param {any} document @returns {Operation[]} */
function operationsOf(document) {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { responses, parameters = [] }]) => ({
      name: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path,
      pattern: new RegExp(`^${path.replace(/[.]/g, "\\.").replace(/\{\w+\}/g, "[^/]+")}$`),
      statuses: new Map(Object.entries(responses)),
      query: parameters.filter(isInQuery).map((/** @type {{name: string}} */ { name }) => name),
      errors: Object.entries(responses).flatMap(([status, answer]) =>
        codesOf(answer).map((code) => `${status} ${code}`),
      ),
    })),
  );
}

/** @param {{in: string}} parameter */
function isInQuery(parameter) {
  return parameter.in === "query";
}

/** @param {Answer} answer @returns {string[]} */
function codesOf({ content }) {
  return content?.["application/json"]?.schema?.properties?.error?.enum ?? [];
}

/** The same schemas for objects without further fields. @param {unknown} value @returns {unknown} */
function close(value) {
  if (Array.isArray(value)) return value.map(close);
  if (typeof value !== "object" || value === null) return value;
  const closed = Object.fromEntries(Object.entries(value).map(([key, part]) => [key, close(part)]));
  const isObject = closed.type === "object" && closed.additionalProperties === undefined;
  return isObject ? { ...closed, unevaluatedProperties: false } : closed;
}

/** The same with references into the document. @param {unknown} value @returns {unknown} */
function absolute(value) {
  if (typeof value !== "object" || value === null) return value;
  const moved = Object.entries(value).map(([key, part]) => [key, key === "$ref" ? `document${part}` : absolute(part)]);
  return Array.isArray(value) ? value.map(absolute) : Object.fromEntries(moved);
}
