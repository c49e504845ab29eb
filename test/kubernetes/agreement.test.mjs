// What is said twice is said alike: by Kustomize and by Helm, and here and elsewhere in the project.
import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "yaml";
import { CHART, find, fromFile, keyOf, kustomized, podsOf, containersOf, templated } from "./objects.mjs";
import { read } from "./tools.mjs";

/** @typedef {import("./objects.mjs").Item} Item */

const compose = parse(read("docker-compose-cluster.yaml"), { merge: true });
const dockerfile = read("Dockerfile.openresty");

/** @param {Item[]} items */
const containers = (items) =>
  Object.fromEntries(
    podsOf(items).flatMap(({ spec }) => containersOf(spec).map((container) => [container.name, container])),
  );

/** What compose takes for ${NAME:-value} when nothing is set. @param {string} text */
const byDefault = (text) => text.replace(/\$\{\w+:-([^}]*)\}/g, "$1");

/** An object without what Helm adds to it, and without what is so by default. @param {Item} item */
function bare(item) {
  const { metadata, ...rest } = structuredClone(item);
  for (const label of ["helm.sh/chart", "app.kubernetes.io/managed-by", "app.kubernetes.io/version"]) {
    delete metadata.labels?.[label];
  }
  // Helm's objects are in the namespace of the release.
  delete metadata.namespace;
  const text = JSON.stringify({ ...rest, metadata }).replaceAll('"imagePullPolicy":"IfNotPresent",', "");
  return JSON.parse(text);
}

/** By `Kind/name`. @param {Item[]} items */
const byKey = (items) => Object.fromEntries(items.map((item) => [keyOf(item), bare(item)]).sort());

const NOT_IN_CHART = ["Namespace", "Secret", "ConfigMap/uptime-kuma-config"];
const HOOK = "helm.sh/hook";

/** @param {Item[]} items */
const comparable = (items) =>
  byKey(
    items.filter(
      (item) =>
        !NOT_IN_CHART.includes(item.kind) &&
        !NOT_IN_CHART.includes(keyOf(item)) &&
        item.metadata.annotations?.[HOOK] === undefined,
    ),
  );

/** @type {[string, string, string[], string[]][]} */
const PAIRS = [
  ["k8s", "the chart as it is", [], []],
  ["k8s/overlays/prod", "an external database", ["external-database"], []],
  ["test/kubernetes/overlays/keda", "KEDA", ["external-database", "keda"], []],
  ["test/kubernetes/overlays/ingress", "an Ingress", ["external-database"], ["ingress.enabled=true"]],
  ["test/kubernetes/overlays/monitoring", "a ServiceMonitor", ["external-database"], ["serviceMonitor.enabled=true"]],
];

for (const [folder, what, files, set] of PAIRS) {
  test(`Kustomize and Helm make the same objects: ${folder}, ${what}`, async (t) => {
    const ofKustomize = comparable(await kustomized(folder));
    const ofHelm = comparable(await templated({ files, set }));
    t.diagnostic(`${Object.keys(ofKustomize).length} objects`);
    assert.deepEqual(Object.keys(ofHelm), Object.keys(ofKustomize));
    for (const key of Object.keys(ofKustomize)) assert.deepEqual(ofHelm[key], ofKustomize[key], key);
  });
}

test("the files for Helm have what Kustomize makes: namespace, demo secret, settings", async () => {
  const files = ["secrets/secret.yaml", "configmaps/configmap.yaml"];
  const items = files.flatMap((file) => fromFile(`k8s-deployment-files/${file}`));
  const made = await kustomized("k8s");
  assert.deepEqual(items.map(keyOf), [
    "Namespace/uptime-kuma",
    "Secret/uptime-kuma-secret",
    "ConfigMap/uptime-kuma-config",
  ]);
  for (const item of items) assert.deepEqual(item, find(made, keyOf(item)));
});

test("images, commands and arguments are those of the compose file", async () => {
  const { agent, mariadb, openresty, "uptime-kuma": node } = containers(await kustomized("k8s"));
  const { services } = compose;
  assert.equal(node.image, byDefault(services["uptime-kuma-node1"].image));
  assert.equal(mariadb.image, byDefault(services.mariadb.image));
  assert.equal(openresty.image, byDefault(services.openresty.image));
  assert.equal(agent.image, openresty.image);
  assert.deepEqual(agent.command, services.agent.command);
  assert.deepEqual(mariadb.args, services.mariadb.command);
  const options = node.env.find((/** @type {{name: string}} */ { name }) => name === "NODE_OPTIONS").value;
  assert.equal(options, services["uptime-kuma-node1"].environment.NODE_OPTIONS);
});

test("the version is that of package.json", async () => {
  const { version } = JSON.parse(read("package.json"));
  const { openresty } = containers(await kustomized("k8s"));
  assert.equal(openresty.image.split(":")[1], version);
  const chart = parse(read(`${CHART}/Chart.yaml`));
  assert.deepEqual([chart.version, chart.appVersion], [version, version]);
});

test("user, port and folders of the load balancer are those of its image", async () => {
  const items = await kustomized("k8s");
  const { spec } = find(items, "Deployment/uptime-kuma-openresty").spec.template;
  const { openresty } = containers(items);
  assert.match(
    dockerfile,
    new RegExp(`^USER ${spec.securityContext.runAsUser}:${spec.securityContext.runAsGroup}$`, "m"),
  );
  assert.match(dockerfile, new RegExp(`^EXPOSE ${openresty.ports[0].containerPort}$`, "m"));
  const mounts = openresty.volumeMounts.map((/** @type {{mountPath: string}} */ { mountPath }) => mountPath);
  const conf = "/usr/local/openresty/nginx/conf";
  assert.deepEqual(mounts.sort(), ["/tmp", `${conf}/workers.conf`, "/usr/local/openresty/nginx/public-copies"]);
  assert.match(dockerfile, new RegExp(`^COPY .*nginx/workers\\.conf ${conf}/$`, "m"));
  assert.match(read("nginx/container.conf"), /^include workers\.conf;$/m);
  assert.match(dockerfile, /openresty\/nginx\/public-copies/);
});

test("every setting is one of docs/configuration.md, or of Uptime Kuma itself", async () => {
  const rows = [...read("docs/configuration.md").matchAll(/^\| `([A-Z_]+)`/gm)].map(([, name]) => name);
  const kumas = [
    "TZ",
    "HOME",
    "UPTIME_KUMA_PORT",
    ...["TYPE", "HOSTNAME", "PORT", "NAME", "USERNAME", "PASSWORD"].map((name) => `UPTIME_KUMA_DB_${name}`),
  ];
  for (const items of [await kustomized("k8s"), await templated({ files: ["own-settings"] })]) {
    const { openresty, "uptime-kuma": node } = containers(items);
    const settings = items
      .filter(({ kind, metadata }) => ["ConfigMap", "Secret"].includes(kind) && !metadata.name.endsWith("openresty"))
      .flatMap(({ data, stringData }) => Object.keys({ ...data, ...stringData }));
    const variables = [openresty, node].flatMap(({ env }) => env.map((/** @type {{name: string}} */ { name }) => name));
    assert.ok(settings.includes("DB_HOST") && variables.includes("NODE_OPTIONS"));
    assert.deepEqual(
      [...settings, ...variables].filter((name) => !rows.includes(name) && !kumas.includes(name)),
      [],
    );
  }
});

test("every path that is asked for is a route", async () => {
  const items = [...(await kustomized("k8s")), ...(await kustomized("test/kubernetes/overlays/monitoring"))];
  const { openresty, "uptime-kuma": node } = containers(items);
  const balancer = [openresty.livenessProbe, openresty.readinessProbe].map(({ httpGet }) => httpGet.path);
  const { endpoints } = find(items, "ServiceMonitor/uptime-kuma").spec;
  for (const path of [...balancer, endpoints[0].path]) {
    assert.match(read("src-ts/api/routes.ts"), new RegExp(`"${path.replace("/lb/", "")}"`), path);
  }
  const routes = read("agent/src/api/routes.ts");
  for (const probe of [node.livenessProbe, node.readinessProbe, node.startupProbe]) {
    const path = probe.httpGet.path.replace("/api/v1", "");
    assert.match(routes, new RegExp(`method: "GET", path: "${path}", auth: "none"`), path);
  }
});

test("what Prometheus Operator scrapes is the job that the alert rules name", async () => {
  const [, job] = /up\{job="([^"]+)"\} == 0/.exec(read("deploy/monitoring/alerts.yml")) ?? [];
  const { endpoints } = find(
    await kustomized("test/kubernetes/overlays/monitoring"),
    "ServiceMonitor/uptime-kuma",
  ).spec;
  assert.deepEqual(endpoints[0].relabelings, [{ targetLabel: "job", replacement: job }]);
});

test("every series that scales the cluster is one of docs/metrics.md", async () => {
  const { triggers } = find(await kustomized("test/kubernetes/overlays/keda"), "ScaledObject/uptime-kuma").spec;
  const queries = triggers.map((/** @type {any} */ { metadata }) => metadata.query);
  const adapter = parse(read("k8s/components/checks-hpa/prometheus-adapter-values.yaml")).rules.external[0];
  const series = [...queries, adapter.seriesQuery].map((query) => /kuma_cluster_node_\w+/.exec(query)?.[0]);
  assert.deepEqual(series, [
    "kuma_cluster_node_checks_per_second",
    "kuma_cluster_node_monitors_active",
    "kuma_cluster_node_checks_per_second",
  ]);
  for (const name of series) assert.ok(read("docs/metrics.md").includes(`| \`${name}\``), name);
  const hpa = find(await kustomized("test/kubernetes/overlays/checks-hpa"), "HorizontalPodAutoscaler/uptime-kuma");
  assert.equal(hpa.spec.metrics[0].external.metric.name, adapter.name.as);
});
