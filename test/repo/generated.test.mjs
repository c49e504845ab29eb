import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { format } from "prettier";
import { renderBenchmarks } from "../../bench/page.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (/** @type {string} */ file) => readFileSync(`${root}${file}`, "utf8");

/** @param {string} folder */
const filesOf = (folder) =>
  readdirSync(`${root}${folder}`, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(`${root}${folder}/`.length));

/** The names of the settings in settings.ts, with those of secret files, and their other names. */
function settings() {
  const names = [];
  const aliases = [];
  for (const [, entry = ""] of read("src-ts/settings.ts").matchAll(/^ {4}\{([^}]+)\},$/gm)) {
    const [, name = ""] = /name: "([A-Z_]+)"/.exec(entry) ?? [];
    names.push(name);
    if (entry.includes("secret: true")) names.push(`${name}_FILE`);
    const [, alias] = /alias: "([A-Z_]+)"/.exec(entry) ?? [];
    if (alias !== undefined) aliases.push(alias);
  }
  return { names, aliases };
}

test("the generated Lua needs no lualib bundle", () => {
  assert.deepEqual(
    filesOf("lua").filter((file) => read(`lua/${file}`).includes("lualib")),
    [],
  );
});

test("every Lua module says which file it is generated from, and that file exists", () => {
  for (const file of filesOf("lua")) {
    const [first] = read(`lua/${file}`).split("\n");
    const source = `src-ts/${file.replace(/\.lua$/, ".ts")}`;
    assert.equal(first, `-- Generated from ${source}: edit that file, then run npm run build.`);
    assert.ok(existsSync(root + source), source);
  }
});

test("nginx declares the environment variable of every setting", () => {
  const declared = [...read("nginx/conf.d/main.conf").matchAll(/^env ([A-Z_]+);$/gm)].map(([, name]) => name).sort();
  const { names, aliases } = settings();
  assert.deepEqual(declared, [...names, ...aliases].sort());
});

test("docs/configuration.md has a row for every setting of the load balancer", () => {
  const rows = [...read("docs/configuration.md").matchAll(/^\| `([A-Z_]+)`/gm)].map(([, name]) => name);
  const { names, aliases } = settings();
  assert.deepEqual(
    names.filter((name) => !rows.includes(name)),
    [],
  );
  for (const alias of aliases) assert.ok(read("docs/configuration.md").includes(`\`${alias}\``), alias);
});

test("API_DOCUMENTATION.md describes every route", () => {
  const routes = [...read("src-ts/api/routes.ts").matchAll(/^ {4}(get|post|put|remove)\(\s*"\w+",\s*"([^"]+)"/gm)].map(
    ([, method, path]) => `${method === "remove" ? "DELETE" : method?.toUpperCase()} /lb/${path}`,
  );
  assert.ok(routes.length >= 30, String(routes));
  const text = read("API_DOCUMENTATION.md");
  assert.deepEqual(
    routes.filter((route) => !text.includes(`\`${route}\``)),
    [],
  );
});

test("the version is that of package.json", () => {
  const { version } = JSON.parse(read("package.json"));
  assert.equal(/VERSION = "(.*)"/.exec(read("src-ts/lib/version.ts"))?.[1], version);
  assert.equal(/VERSION=(.*)/.exec(read("Dockerfile.openresty"))?.[1], version);
  for (const file of ["docker-compose-cluster.yaml", "docker-compose.probe.yaml"]) {
    assert.equal(/openresty:(\d[^}]*)\}/.exec(read(file))?.[1], version, file);
  }
});

test("nginx configuration holds one Lua call for each phase and no logic", () => {
  const files = filesOf("nginx/conf.d").sort();
  const text = files.map((file) => read(`nginx/conf.d/${file}`)).join("");
  const bodies = [...text.matchAll(/_by_lua_block \{([^}]*)\}/g)].map(([, body]) => body?.trim());
  const start = 'kuma_cluster = require("middleware") kuma_cluster.init()';
  assert.deepEqual(bodies.splice(bodies.indexOf(start), 1), [start]);
  assert.ok(bodies.length >= 10, String(bodies));
  for (const body of bodies) assert.match(String(body), /^(kuma_cluster|require\("api"\))\.[a-z_]+\(\)$/);
});

test("docs/benchmarks.md is what bench/results.json makes", async () => {
  const page = renderBenchmarks(JSON.parse(read("bench/results.json")));
  assert.equal(read("docs/benchmarks.md"), await format(page, { parser: "markdown", printWidth: 120 }));
});

test("bench/results.json tells of no machine but what it is made of", () => {
  const text = read("bench/results.json");
  assert.deepEqual(Object.keys(JSON.parse(text).machine), ["processor", "cores", "memory_gb", "kernel", "versions"]);
  assert.doesNotMatch(text, /"[^"]*(?<!\w)\/(?:tmp|home|root|work|usr|opt)\//);
});
