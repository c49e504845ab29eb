// What must hold of the objects, whichever way they are made.
import assert from "node:assert/strict";
import { test } from "node:test";
import { containersOf, find, keyOf, kustomized, podsOf, templated } from "./objects.mjs";
import { violations } from "./safety.mjs";
import { read } from "./tools.mjs";
import { VARIANTS } from "./variants.mjs";
import { loose } from "./wiring.mjs";

/** What users bring to a variant. @type {Record<string, string[]>} */
const BROUGHT = {
  "the chart with another's Secret": ["Secret/made-by-an-operator"],
  ...Object.fromEntries(
    [
      "k8s/overlays/prod",
      ...["ingress", "monitoring", "keda", "checks-hpa"].map((name) => `the component ${name}`),
    ].map((name) => [name, ["Secret/uptime-kuma-secret"]]),
  ),
};

for (const [name, make] of Object.entries(VARIANTS)) {
  test(`${name}: what objects say of each other is there`, async () => {
    assert.deepEqual(loose(await make(), { elsewhere: BROUGHT[name] }), []);
  });

  test(`${name}: all pods keep to the restricted standard, and leave the API of Kubernetes alone`, async () => {
    for (const { key, spec } of podsOf(await make())) {
      assert.deepEqual(violations(spec), [], key);
      assert.equal(spec.automountServiceAccountToken, false, key);
      // A Service "uptime-kuma" would set UPTIME_KUMA_PORT.
      assert.equal(spec.enableServiceLinks, false, key);
      for (const container of containersOf(spec)) {
        assert.equal(container.securityContext.readOnlyRootFilesystem, true, `${key} ${container.name}`);
        assert.ok(container.resources.requests.memory && container.resources.limits.memory, `${key} ${container.name}`);
      }
    }
  });

  test(`${name}: no two autoscalers share the nodes, and nothing else sets their number`, async () => {
    const items = await make();
    const scalers = items.filter(({ kind }) => ["HorizontalPodAutoscaler", "ScaledObject"].includes(kind));
    const { replicas } = find(items, "StatefulSet/uptime-kuma").spec;
    if (name === "the chart of a fixed size") assert.deepEqual([scalers, replicas], [[], 3]);
    else assert.deepEqual([scalers.length, replicas], [1, undefined]);
  });
}

test("a pod that may do more is found", async () => {
  const { spec } = find(await kustomized("k8s"), "StatefulSet/uptime-kuma").spec.template;
  const [node] = spec.containers;
  node.securityContext.capabilities = { drop: ["ALL"], add: ["NET_RAW"] };
  spec.initContainers[0].securityContext = {};
  spec.volumes.push({ name: "host", hostPath: { path: "/" } });
  assert.deepEqual(violations(spec), [
    "it has a volume of a type that is not allowed",
    "agent may get privileges",
    "agent keeps capabilities",
    "uptime-kuma adds capabilities",
  ]);
});

test("a name that leads nowhere is found", async () => {
  const items = await kustomized("k8s");
  find(items, "Service/uptime-kuma-nodes").spec.selector["app.kubernetes.io/component"] = "nodes";
  find(items, "HorizontalPodAutoscaler/uptime-kuma").spec.scaleTargetRef.name = "kuma";
  const [node] = find(items, "StatefulSet/uptime-kuma").spec.template.spec.containers;
  node.volumeMounts.push({ name: "dta", mountPath: "/x" });
  node.env.push({ name: "X", valueFrom: { configMapKeyRef: { name: "uptime-kuma-config", key: "DB_HOSTS" } } });
  assert.deepEqual(loose(items), [
    "Service/uptime-kuma-nodes: it selects no pod",
    "HorizontalPodAutoscaler/uptime-kuma: no StatefulSet/kuma",
    "StatefulSet/uptime-kuma: uptime-kuma mounts dta, which is no volume",
    "StatefulSet/uptime-kuma: no ConfigMap/uptime-kuma-config with DB_HOSTS",
  ]);
});

test("the autoscaler is the promised one", async () => {
  const { spec } = find(await kustomized("k8s"), "HorizontalPodAutoscaler/uptime-kuma");
  assert.deepEqual([spec.minReplicas, spec.maxReplicas], [2, 10]);
  const metrics = spec.metrics.map((/** @type {any} */ { resource: { name, target } }) => [
    ...[name, target.type, target.averageUtilization],
  ]);
  assert.deepEqual(metrics, [
    ["cpu", "Utilization", 70],
    ["memory", "Utilization", 80],
  ]);
  assert.equal(spec.behavior.scaleDown.stabilizationWindowSeconds, 300);
  assert.equal(spec.behavior.scaleUp.stabilizationWindowSeconds, 60);
  assert.match(read("k8s/uptime-kuma/hpa.yaml"), /kind: HorizontalPodAutoscaler/);
  assert.match(read("k8s/uptime-kuma/pdb.yaml"), /kind: PodDisruptionBudget/);
});

test("one node and one load balancer stay while machines are drained, even without a database", async () => {
  const budgets = (await kustomized("k8s")).filter(({ kind }) => kind === "PodDisruptionBudget");
  assert.deepEqual(budgets.map(({ metadata }) => metadata.name).sort(), ["uptime-kuma", "uptime-kuma-openresty"]);
  for (const { spec } of budgets) {
    assert.equal(spec.minAvailable, 1);
    assert.equal(spec.unhealthyPodEvictionPolicy, "AlwaysAllow");
  }
});

test("nodes are named after their pods, start at once, and are reached before they are ready", async () => {
  const items = await kustomized("k8s");
  const { spec } = find(items, "StatefulSet/uptime-kuma");
  const { spec: service } = find(items, `Service/${spec.serviceName}`);
  assert.equal(spec.podManagementPolicy, "Parallel");
  assert.equal(service.clusterIP, "None");
  assert.equal(service.publishNotReadyAddresses, true);
  const { env } = spec.template.spec.containers[0];
  const names = env.map((/** @type {any} */ { name }) => name);
  const [id, host, port] = ["NODE_ID", "NODE_HOST", "PORT"].map((name) => env[names.indexOf(`UPTIME_KUMA_${name}`)]);
  assert.equal(id.valueFrom.fieldRef.fieldPath, "metadata.name");
  assert.equal(host.value, `$(UPTIME_KUMA_NODE_ID).${spec.serviceName}:${port.value}`);
  // A variable is known to those that come after it.
  assert.ok(names.indexOf("UPTIME_KUMA_NODE_ID") < names.indexOf("UPTIME_KUMA_NODE_HOST"));
  // Without a mark the lowest id is the primary node.
  assert.ok(!names.includes("UPTIME_KUMA_PRIMARY"));
});

test("a database that is away makes the kubelet kill nobody", async () => {
  const { spec } = find(await kustomized("k8s"), "StatefulSet/uptime-kuma").spec.template;
  const [{ livenessProbe, startupProbe, readinessProbe }] = spec.containers;
  for (const { httpGet } of [livenessProbe, startupProbe]) assert.equal(httpGet.path, "/api/v1/openapi.json");
  assert.equal(readinessProbe.httpGet.path, "/api/v1/ready");
  // A minute of standing still, half an hour for migrations.
  assert.equal(livenessProbe.periodSeconds * livenessProbe.failureThreshold, 60);
  assert.ok(startupProbe.periodSeconds * startupProbe.failureThreshold >= 1800);
});

test("nodes and load balancers have the time that their end takes", async () => {
  const items = await kustomized("k8s");
  const node = find(items, "StatefulSet/uptime-kuma").spec.template.spec;
  // What Uptime Kuma gives requests, and two seconds for its database.
  assert.ok(node.terminationGracePeriodSeconds > 32);
  const balancer = find(items, "Deployment/uptime-kuma-openresty").spec.template.spec;
  const [, drain] = /worker_shutdown_timeout (\d+)s/.exec(read("nginx/conf.d/main.conf")) ?? [];
  const [{ lifecycle, livenessProbe, readinessProbe }] = balancer.containers;
  const [program, wait] = lifecycle.preStop.exec.command;
  assert.equal(program, "sleep");
  assert.ok(balancer.terminationGracePeriodSeconds > Number(drain) + Number(wait));
  assert.match(read("Dockerfile.openresty"), /^STOPSIGNAL SIGQUIT$/m);
  assert.deepEqual([livenessProbe.httpGet.path, readinessProbe.httpGet.path], ["/lb/livez", "/lb/readyz"]);
});

test("load balancers are two equals, each with a name of its own", async () => {
  const { spec } = find(await kustomized("k8s"), "Deployment/uptime-kuma-openresty");
  assert.equal(spec.replicas, 2);
  assert.equal(spec.strategy.rollingUpdate.maxUnavailable, 0);
  const { env } = spec.template.spec.containers[0];
  const id = env.find((/** @type {any} */ { name }) => name === "UPTIME_KUMA_NODE_ID");
  assert.equal(id.valueFrom.fieldRef.fieldPath, "metadata.name");
  assert.ok(!env.some((/** @type {any} */ { name }) => name === "CLUSTER_MODE"));
});

test("nobody reaches a node past the load balancers, nor the database from elsewhere", async () => {
  const policies = (await kustomized("k8s")).filter(({ kind }) => kind === "NetworkPolicy");
  const from = (/** @type {string} */ name) =>
    find(policies, `NetworkPolicy/uptime-kuma-${name}`).spec.ingress?.flatMap((/** @type {any} */ rule) =>
      (rule.from ?? [{ everybody: true }]).map(
        (/** @type {any} */ peer) => peer.podSelector?.matchLabels["app.kubernetes.io/component"] ?? "everybody",
      ),
    );
  assert.deepEqual(from("nodes").sort(), ["load-balancer", "node"]);
  assert.deepEqual(from("mariadb").sort(), ["load-balancer", "node"]);
  assert.deepEqual(from("openresty"), ["everybody"]);
  assert.equal(from("default"), undefined);
  assert.deepEqual(find(policies, "NetworkPolicy/uptime-kuma-default").spec.policyTypes, ["Ingress", "Egress"]);
});

test("passwords are in nothing but the demo and what the user gives", async () => {
  for (const items of [await kustomized("k8s/overlays/prod"), await templated()]) {
    assert.deepEqual(items.filter(({ kind }) => kind === "Secret").map(keyOf), []);
    assert.ok(!JSON.stringify(items).includes("demo-only"));
  }
  const secrets = (await kustomized("k8s")).filter(({ kind }) => kind === "Secret");
  for (const value of secrets.flatMap(({ stringData }) => Object.values(stringData ?? {}))) {
    assert.equal(value, "demo-only-set-your-own");
  }
});
