// package.json is the home of the version; every other place has to say the same.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { PREVIOUS, VERSION } from "../support/releases.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (/** @type {string} */ file) => readFileSync(`${root}${file}`, "utf8");

/** Where else it is written, and how. @type {[string, RegExp][]} */
const PLACES = [
  ["agent/package.json", /"version": "([^"]+)"/g],
  ["dashboard/package.json", /"version": "([^"]+)"/g],
  ["src-ts/lib/version.ts", /VERSION = "([^"]+)"/g],
  ["lua/lib/version.lua", /VERSION = "([^"]+)"/g],
  ["agent/dist/register.js", /AGENT_VERSION = "([^"]+)"/g],
  ["Dockerfile.openresty", /ARG VERSION=(\S+)/g],
  ["docker-compose-cluster.yaml", /uptime-kuma-cluster\/openresty:([\d.]+)/g],
  ["docker-compose.probe.yaml", /uptime-kuma-cluster\/openresty:([\d.]+)/g],
  ["k8s/openresty/deployment.yaml", /uptime-kuma-cluster\/openresty:([\d.]+)/g],
  ["k8s/uptime-kuma/statefulset.yaml", /uptime-kuma-cluster\/openresty:([\d.]+)/g],
  ["k8s-deployment-files/uptime-kuma/Chart.yaml", /^(?:appV|v)ersion: (\S+)/gm],
  ["docs/kubernetes.md", /uptime-kuma-cluster\/openresty:([\d.]+)/g],
  [".env.example", /uptime-kuma-cluster\/openresty:([\d.]+)/g],
];

for (const [file, pattern] of PLACES) {
  test(`${file} has the version of package.json`, () => {
    const found = [...read(file).matchAll(pattern)].map((match) => match[1]);
    assert.ok(found.length > 0, "it has none");
    assert.deepEqual([...new Set(found)], [VERSION]);
  });
}

test("package-lock.json has it for the project and its workspaces", () => {
  const { version, packages } = JSON.parse(read("package-lock.json"));
  assert.deepEqual(
    [version, packages[""], packages.agent, packages.dashboard].map((entry) => entry.version ?? entry),
    [VERSION, VERSION, VERSION, VERSION],
  );
});

test("the release before it has a lower version", () => {
  const [older, newer] = [PREVIOUS.version, VERSION].map((version) => version.split(".").map(Number));
  const first = newer.findIndex((number, index) => number !== older[index]);
  assert.ok(first !== -1 && newer[first] > older[first], `${PREVIOUS.version} is not below ${VERSION}`);
});
