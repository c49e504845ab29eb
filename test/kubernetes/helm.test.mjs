import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { CHART, find, fromFile, keyOf, parse, templated } from "./objects.mjs";
import { helm, read, repository } from "./tools.mjs";

test("the chart passes helm lint --strict, with each file of values", async () => {
  for (const file of ["external-database", "own-settings", "existing-secret", "exposed", "keda", "fixed-size"]) {
    await helm("lint", "--strict", "--quiet", CHART, "--values", `test/kubernetes/values/${file}.yaml`);
  }
  await helm("lint", "--strict", "--quiet", CHART);
});

/** @type {[string, string[], RegExp][]} */
const REFUSED = [
  ["an unknown value", ["node.replica=3"], /node.*replica/s],
  ["a value of a wrong type", ["autoscaling.enabled=perhaps"], /autoscaling\.?\/?enabled.*boolean/s],
  ["no node at all", ["node.replicas=0"], /replicas.*1/s],
  ["a grace that is too short", ["openresty.terminationGracePeriodSeconds=30"], /terminationGracePeriodSeconds.*36/s],
  ["resources without requests", ["node.resources.requests=null"], /requests/],
  ["a quantity that is none", ["mariadb.storage=8 GB"], /storage/],
  ["a type of Service that there is not", ["openresty.service.type=ExternalName"], /type/],
  ["a setting in lower case", ["existingConfigMap=", "config.log_level=debug"], /config/],
  ["two autoscalers", ["keda.enabled=true"], /autoscaling\.enabled and keda\.enabled: two autoscalers would undo/],
  ["limits the wrong way round", ["autoscaling.maxReplicas=1"], /autoscaling\.maxReplicas is less than/],
  ["no password", ["existingSecret="], /secret\.\w+: with existingSecret "" it must be set, to at least 12/],
  [
    "no database",
    ["existingConfigMap=", "mariadb.enabled=false"],
    /database\.host: with mariadb\.enabled=false it must/,
  ],
];

for (const [what, set, said] of REFUSED) {
  test(`the chart refuses ${what}, and says so`, async () => {
    await assert.rejects(templated({ set }), said);
  });
}

test("the chart makes the settings itself where it is told to", async () => {
  const items = await templated({ files: ["own-settings"] });
  assert.deepEqual(find(items, "ConfigMap/uptime-kuma-config").data, {
    ...{ DB_HOST: "mariadb.example.com", DB_PORT: "3307", DB_NAME: "kuma", DB_USER: "kuma" },
    ...{ TZ: "Europe/Berlin", MONITOR_LIMIT_PER_NODE: "2000000", LB_STATUS_PUBLIC: "false", CLUSTER_NODE_COUNT: "2" },
    NODE_FORGET_AFTER: "3600",
  });
  assert.deepEqual(find(items, "Secret/uptime-kuma-secret").stringData, {
    DB_PASSWORD: "an example of one",
    CLUSTER_SECRET: "an example of another",
  });
  const { spec } = find(items, "NetworkPolicy/uptime-kuma-openresty");
  assert.deepEqual(spec.egress[1], { ports: [{ protocol: "TCP", port: 3307 }] });
});

test("pods start anew when settings that the chart makes change", async () => {
  const annotations = async (/** @type {string[]} */ ...set) => {
    const items = await templated({ files: ["own-settings"], set });
    return ["StatefulSet/uptime-kuma", "Deployment/uptime-kuma-openresty"].map(
      (key) => find(items, key).spec.template.metadata.annotations,
    );
  };
  const [before, after, secret] = [
    await annotations(),
    await annotations("config.TZ=UTC"),
    await annotations("secret.dbPassword=quite another one"),
  ];
  for (const index of [0, 1]) {
    assert.notEqual(before[index]["checksum/config"], after[index]["checksum/config"]);
    assert.equal(before[index]["checksum/secret"], after[index]["checksum/secret"]);
    assert.notEqual(before[index]["checksum/secret"], secret[index]["checksum/secret"]);
  }
});

test("a release of another name has names of its own, and its nodes know theirs", async () => {
  const items = parse(await helm("template", "status", CHART, "--namespace", "elsewhere"));
  for (const item of items) assert.match(item.metadata.name, /^status-uptime-kuma/, keyOf(item));
  const { env } = find(items, "StatefulSet/status-uptime-kuma").spec.template.spec.containers[0];
  const host = env.find((/** @type {any} */ { name }) => name === "UPTIME_KUMA_NODE_HOST");
  assert.equal(host.value, "$(UPTIME_KUMA_NODE_ID).status-uptime-kuma-nodes:3001");
  // A node's id has 50 characters at most, and a pod's name ends with its number.
  const long = "a".repeat(53);
  find(parse(await helm("template", long, CHART)), `StatefulSet/${long.slice(0, 40)}`);
});

test("helm test asks the load balancer, and may", async () => {
  const items = await templated();
  const hooks = items.filter(({ metadata }) => metadata.annotations?.["helm.sh/hook"] === "test");
  assert.deepEqual(hooks.map(keyOf), ["NetworkPolicy/uptime-kuma-test", "Pod/uptime-kuma-test"]);
  const { containers } = find(items, "Pod/uptime-kuma-test").spec;
  const { spec } = find(items, "Service/uptime-kuma-openresty");
  const env = Object.fromEntries(containers[0].env.map((/** @type {any} */ { name, value }) => [name, value]));
  assert.deepEqual(env, { HOST: "uptime-kuma-openresty", PORT: String(spec.ports[0].port) });
});

/**
 * The notes for these values. Helm prints them when it installs, for which it takes a cluster: a copy of the chart has them
 * in a ConfigMap.
 * @param {string[]} set
 */
async function notes(...set) {
  const copy = mkdtempSync(join(tmpdir(), "kuma-chart-"));
  try {
    cpSync(join(repository, CHART), copy, { recursive: true });
    const text = read(`${CHART}/templates/NOTES.txt`);
    const template = `{{- define "notes" }}${text}{{ end }}\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: notes}\n`;
    writeFileSync(join(copy, "templates/notes.yaml"), `${template}data: {notes: {{ include "notes" . | toJson }}}\n`);
    const values = set.flatMap((value) => ["--set", value]);
    const only = ["--show-only", "templates/notes.yaml"];
    return parse(await helm("template", "uptime-kuma", copy, "--namespace", "uptime-kuma", ...only, ...values))[0]
      ?.data?.["notes"];
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

test("the notes say what to wait for and where to go", async () => {
  const plain = String(await notes());
  assert.match(plain, /Secret uptime-kuma-secret \(DB_PASSWORD, CLUSTER_SECRET\)/);
  assert.match(plain, /port-forward service\/uptime-kuma-openresty 8084:8084/);
  assert.match(String(await notes("ingress.enabled=true")), /https:\/\/kuma\.example\.com\//);
});

test("the three commands of the README find what they name", () => {
  const names = ["secrets/secret", "configmaps/configmap"].flatMap((file) =>
    fromFile(`k8s-deployment-files/${file}.yaml`).map(({ metadata }) => metadata.namespace ?? metadata.name),
  );
  assert.deepEqual(new Set(names), new Set(["uptime-kuma"]));
});
