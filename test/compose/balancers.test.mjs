// Two load balancers before one node: one is stopped while requests come, the other one leads. And a probe.
import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { waitFor } from "../../local/processes.mjs";
import { setUp } from "../agent/support/browser.mjs";
import { request, startLoad } from "../support/http.mjs";
import { docker } from "./engine.mjs";
import { areOnline, newProject, stopwatch } from "./project.mjs";

const SLOW = { requests: 10, ms: 3000 };
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

/** @param {string} url @param {string} holder @param {number} [timeoutMs] */
function untilLeads(url, holder, timeoutMs = 60000) {
  const check = async () => {
    const { json, error } = await request(`${url}/lb/system-status`, { keepAlive: false });
    if (json?.leader?.node_id === holder) return true;
    throw new Error(error ?? JSON.stringify(json?.leader));
  };
  return waitFor(check, { what: `${holder} to lead`, timeoutMs, everyMs: 50 });
}

/**
 * A request whose body takes its time, over a connection of its own.
 * @returns {Promise<string>} the status line and what comes last
 */
function slowRequest() {
  const body = JSON.stringify({ node: "node1" });
  const { hostname, port } = new URL(project.url);
  const head = ["POST /lb/set-fixed-node HTTP/1.1", "Host: localhost", "Content-Type: application/json"];
  const rest = [
    `X-Cluster-Secret: ${project.env.CLUSTER_SECRET}`,
    `Content-Length: ${body.length}`,
    "Connection: close",
  ];
  return new Promise((resolve) => {
    let answer = "";
    const socket = connect(Number(port), hostname, async () => {
      socket.write(`${[...head, ...rest].join("\r\n")}\r\n\r\n`);
      for (const byte of body) {
        await sleep(SLOW.ms / body.length);
        socket.write(byte);
      }
    });
    socket.on("data", (data) => (answer += data));
    socket.on("error", (error) => resolve(`${error.message} ${answer}`));
    socket.on("close", () => resolve(answer));
  });
}

/** Requests by path that the load balancer's log has with status 200, and those it has with a failure. */
async function logged() {
  const lines = (await docker(["logs", project.container("openresty")])).split("\n");
  const answered = (/** @type {string} */ path) => lines.filter((line) => line.includes(`"GET ${path} HTTP/1.1" 200`));
  return { answered, failed: lines.filter((line) => /HTTP\/1\.1" (499|5\d\d) .*\?load/.test(line)) };
}

test("a stop under load ends what was accepted, and the follower leads", async (t) => {
  await untilLeads(project.url, "openresty");
  const paths = ["/lb/ping?load=1", "/icon.svg?load=2"];
  const loads = paths.map((path) => startLoad(project.url + path, { clients: 4, pauseMs: 1, keepAlive: false }));
  const slow = Array.from({ length: SLOW.requests }, slowRequest);
  await sleep(1000);
  const time = stopwatch();
  const stopped = project.compose("stop", "openresty").then(() => t.diagnostic(`stopped after ${time()}`));
  await untilLeads(project.secondUrl, "openresty2");
  t.diagnostic(`the follower leads after ${time()}`);
  const answers = await Promise.all(slow);
  await stopped;
  const results = await Promise.all(loads.map((load) => load.stop()));
  const { answered, failed } = await logged();
  assert.deepEqual(new Set(answers.map((answer) => answer.split("\r\n")[0])), new Set(["HTTP/1.1 200 OK"]));
  assert.ok(answers.every((answer) => answer.trimEnd().endsWith("}")));
  assert.deepEqual(failed, []);
  for (const [index, path] of paths.entries()) {
    const { total, failures } = /** @type {import("../support/http.mjs").LoadResult} */ (results[index]);
    const reasons = [...new Set(failures)].join(", ");
    t.diagnostic(`${path}: ${total - failures.length} answered, ${failures.length} not accepted (${reasons})`);
    assert.equal(answered(path).length, total - failures.length, path);
  }
  assert.equal(await docker(["inspect", project.container("openresty"), "--format", "{{.State.ExitCode}}"]), "0");
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
