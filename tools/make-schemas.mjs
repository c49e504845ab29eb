// Writes the JSON schemas of the types in src-ts/types/contract/ into src-ts/api/schemas.ts, where /lb/openapi.json
// takes them from: the types are the one home of what the bodies look like.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createGenerator } from "ts-json-schema-generator";

const root = fileURLToPath(new URL("..", import.meta.url));

/** @typedef {{[key: string]: unknown}} Schema */

/** Names that OpenAPI takes for a schema; the generator also names what it finds inside, as "Record<string,number>". */
const NAME = /^\w+$/;

const generator = createGenerator({
  path: `${root}src-ts/types/contract/*.d.ts`,
  tsconfig: `${root}src-ts/tsconfig.json`,
  type: "*",
  // The types are ambient: none is exported.
  expose: "all",
  // A later version may add fields: clients must take them.
  additionalProperties: true,
  // The build checks types by itself, with the compiler of the project.
  skipTypeCheck: true,
});

const definitions = /** @type {Record<string, Schema>} */ (generator.createSchema("*").definitions);

/**
 * The same in JSON Schema 2020-12, with references as OpenAPI has them.
 * @param {unknown} value
 * @returns {unknown}
 */
function convert(value) {
  if (Array.isArray(value)) return value.map(convert);
  if (typeof value !== "object" || value === null) return value;
  const schema = /** @type {Schema} */ (value);
  if (Array.isArray(schema.items)) throw new Error("a tuple is written in another way in JSON Schema 2020-12");
  if (typeof schema.$ref !== "string") {
    return Object.fromEntries(Object.entries(schema).map(([key, part]) => [key, convert(part)]));
  }
  const name = decodeURIComponent(schema.$ref.replace("#/definitions/", ""));
  const target = NAME.test(name) ? { $ref: `#/components/schemas/${name}` } : convert(definitions[name]);
  return {
    .../** @type {object} */ (target),
    ...(schema.description === undefined ? {} : { description: schema.description }),
  };
}

const names = Object.keys(definitions)
  .filter((name) => NAME.test(name))
  .sort();
const rows = names.map((name) => `    ["${name}", ${JSON.stringify(JSON.stringify(convert(definitions[name])))}],\n`);

const text = `/* Generated from types/contract/ by tools/make-schemas.mjs: edit the types there, then run npm run build. */

export type SchemaName =
${names.map((name) => `    | "${name}"`).join("\n")};

/** The JSON schema of each body, as JSON: its empty lists and the order of its fields would not survive a Lua table. */
export const SCHEMAS: readonly (readonly [name: SchemaName, schema: string])[] = [
${rows.join("")}];
`;
writeFileSync(`${root}src-ts/api/schemas.ts`, text);
