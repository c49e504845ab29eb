import assert from "node:assert/strict";
import { test } from "node:test";
import { find, kustomized } from "./objects.mjs";
import { problemsOf } from "./schema.mjs";
import { VARIANTS } from "./variants.mjs";

for (const [name, make] of Object.entries(VARIANTS)) {
  test(`${name}: every object is one of the API of Kubernetes, without a field that it does not know`, async (t) => {
    const items = await make();
    t.diagnostic(`${items.length} objects`);
    assert.deepEqual(problemsOf(items), []);
  });
}

/** What is broken, in which object, and what is said of it. @type {[string, string, (spec: any) => void, RegExp][]} */
const MISTAKES = [
  ["an unknown field", "StatefulSet/uptime-kuma", (spec) => (spec.replica = 3), /'"replica"' does not exist/],
  [
    "an unknown field deep inside",
    "StatefulSet/uptime-kuma",
    (spec) => (spec.template.spec.containers[0].livenessProbe.httpGet.url = "/"),
    /'"url"' does not exist/,
  ],
  [
    "a field of another place",
    "Deployment/uptime-kuma-openresty",
    (spec) => (spec.template.spec.containers[0].terminationGracePeriodSeconds = 60),
    /'"terminationGracePeriodSeconds"' does not exist/,
  ],
  ["a wrong type", "PodDisruptionBudget/uptime-kuma", (spec) => (spec.minAvailable = true), /minAvailable/],
  ["a missing field", "HorizontalPodAutoscaler/uptime-kuma", (spec) => delete spec.maxReplicas, /maxReplicas/],
  [
    "a number that is to be text",
    "StatefulSet/uptime-kuma",
    (spec) => (spec.template.spec.containers[0].env[0].value = 1),
    /env\/0\/value must be string/,
  ],
];

for (const [what, key, spoil, said] of MISTAKES) {
  test(`${what} is found`, async () => {
    const items = structuredClone(await kustomized("k8s"));
    spoil(find(items, key).spec);
    const problems = problemsOf(items);
    assert.ok(
      problems.some((problem) => problem.startsWith(`${key}: `) && said.test(problem)),
      problems.join("\n"),
    );
  });
}

test("a kind that is not in an API is found", () => {
  const item = { apiVersion: "autoscaling/v2", kind: "Deployment", metadata: { name: "a" } };
  assert.deepEqual(problemsOf([item]), ["Deployment/a: there is no Deployment in autoscaling/v2"]);
});
