// Two load balancers before one node: one is stopped while requests come, the other one leads. And a probe.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { waitFor } from "../../local/processes.mjs";
import { setUp } from "../agent/support/browser.mjs";
import { request } from "../support/http.mjs";
import { docker } from "./engine.mjs";
import { areOnline, newProject, stopwatch } from "./project.mjs";
import { stopUnderLoad, untilLeads } from "./stop-under-load.mjs";

const PROBE_FILES = ["-f", "docker-compose.probe.yaml", "-f", "test/compose/probe-network.yaml"];

/** @type {import("./project.mjs").Project} */
let project;
/** @type {Record<string, string>} */
let probeEnv;

before(async () => {
  project = await newProject();
  const place = { PROBE_ID: `${project.name}-probe`, PROBE_REGION: "eu", CLUSTER_PEER_URL: "http://openresty:8084" };
  probeEnv = { ...project.env, ...place, CLUSTER_PROJECT: project.name };
  await project.compose("up", "--detach", "--build", "openresty", "openresty2", "uptime-kuma-node1");
  await project.untilNodes((nodes) => areOnline(nodes, ["node1"]), "node1 online");
  assert.equal((await setUp(project)).ok, true);
});
after(async () => {
  await docker(["compose", ...PROBE_FILES, "down", "--volumes", "--timeout", "5"], probeEnv);
  await project.close();
});

test("a stop under load ends what was accepted, and the follower leads", async (t) => {
  await untilLeads(project.url, "openresty");
  await stopUnderLoad(t, {
    ...{ url: project.url, container: project.container("openresty"), node: "node1" },
    stop: () => project.compose("stop", "openresty"),
    successor: { url: project.secondUrl, id: "openresty2" },
  });
});

test("the second one routes, and the first one leads again when it is back", async (t) => {
  const answer = await request(`${project.secondUrl}/`);
  assert.equal(answer.headers["x-routed-to"], "uptime-kuma-node1");
  const time = stopwatch();
  await project.compose("start", "openresty");
  await untilLeads(project.secondUrl, "openresty");
  t.diagnostic(`after ${time()}`);
});

test("a probe registers, and what it finds arrives", async (t) => {
  const time = stopwatch();
  await docker(["compose", ...PROBE_FILES, "up", "--detach"], probeEnv);
  const target = { url: "http://openresty2:8084/lb/ping" };
  const made = await project.call("POST", "/lb/probe-checks", { name: "ping", kind: "http", target, interval: 5 });
  assert.equal(made.status, 201, made.text);
  const verdict = async () => {
    const { json } = await project.call("GET", "/lb/probe-checks");
    return json.checks[0].verdict === "up" || Promise.reject(new Error(JSON.stringify(json.checks[0])));
  };
  await waitFor(verdict, { what: "the verdict", timeoutMs: 90000, everyMs: 200 });
  t.diagnostic(`the cluster has a verdict after ${time()}`);
  const { json } = await project.call("GET", "/lb/probes");
  assert.deepEqual(
    json.probes.map((/** @type {any} */ { probe_id, region }) => [probe_id, region]),
    [[probeEnv.PROBE_ID, "eu"]],
  );
});
