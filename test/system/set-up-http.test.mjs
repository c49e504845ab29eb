import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { readHttpFile, runHttpFile, surprises } from "../support/http-file.mjs";
import { contractOf } from "../support/openapi.mjs";
import { startSystem } from "./harness.mjs";

/** @type {import("./harness.mjs").System} */
let system;

before(async () => {
  system = await startSystem({ nodes: 2, monitors: 4, env: { CLUSTER_SECRET: "s3cret" } });
});
after(() => system?.close());

test("every request of set-up.http is answered as the file says, and none is missing", async () => {
  const outcomes = await runHttpFile(readHttpFile("set-up.http"), { host: system.url, secret: "s3cret" });
  assert.ok(outcomes.length > 30, String(outcomes.length));
  assert.deepEqual(surprises(outcomes), []);
  const { operations } = contractOf((await system.get("/lb/openapi.json")).json);
  const paths = outcomes.map(({ method, url }) => ({ method, path: new URL(url).pathname }));
  const missing = operations.filter(
    (operation) => !paths.some(({ method, path }) => method === operation.method && operation.pattern.test(path)),
  );
  assert.deepEqual(
    missing.map(({ name }) => name),
    [],
  );
});
