// A load balancer that is stopped while requests come: what it has accepted ends well, and another one leads.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { waitFor } from "../../local/processes.mjs";
import { request, startLoad } from "../support/http.mjs";
import { slowRequest } from "../support/slow-request.mjs";
import { docker } from "./engine.mjs";
import { SECRET, stopwatch } from "./project.mjs";

const SLOW = { requests: 10, ms: 3000 };
const PATHS = ["/lb/ping?load=1", "/icon.svg?load=2"];

/** @param {string} url of any load balancer @param {string} holder who is to lead @param {number} [timeoutMs] */
export function untilLeads(url, holder, timeoutMs = 60000) {
  const check = async () => {
    const { json, error } = await request(`${url}/lb/system-status`, { keepAlive: false });
    if (json?.leader?.node_id === holder) return true;
    throw new Error(error ?? JSON.stringify(json?.leader));
  };
  return waitFor(check, { what: `${holder} to lead`, timeoutMs, everyMs: 50 });
}

/** Requests by path that a load balancer's log has with status 200, and those it has with a failure. @param {string} container */
async function logged(container) {
  const lines = (await docker(["logs", container])).split("\n");
  const answered = (/** @type {string} */ path) => lines.filter((line) => line.includes(`"GET ${path} HTTP/1.1" 200`));
  return { answered, failed: lines.filter((line) => /HTTP\/1\.1" (499|5\d\d) .*\?load/.test(line)) };
}

/**
 * Stops a load balancer under load. Fails when a request that it had accepted is lost, or when it does not end by itself.
 * @param {{diagnostic: (text: string) => void}} t
 * @param {object} site
 * @param {string} site.url of the load balancer
 * @param {string} site.container
 * @param {string} site.node a node that is online
 * @param {() => Promise<unknown>} site.stop comes back when the container has ended; it is still there
 * @param {{url: string, id: string}} site.successor who leads then
 */
export async function stopUnderLoad(t, { url, container, node, stop, successor }) {
  const loads = PATHS.map((path) => startLoad(url + path, { clients: 4, pauseMs: 1, keepAlive: false }));
  const slow = Array.from({ length: SLOW.requests }, () => slowRequest(url, { secret: SECRET, ms: SLOW.ms, node }));
  await sleep(1000);
  const time = stopwatch();
  const stopped = stop().then(() => t.diagnostic(`stopped after ${time()}`));
  await untilLeads(successor.url, successor.id);
  t.diagnostic(`${successor.id} leads after ${time()}`);
  const answers = await Promise.all(slow);
  await stopped;
  const results = await Promise.all(loads.map((load) => load.stop()));
  assert.deepEqual(new Set(answers.map((answer) => answer.split("\r\n")[0])), new Set(["HTTP/1.1 200 OK"]));
  assert.ok(answers.every((answer) => answer.trimEnd().endsWith("}")));
  const { answered, failed } = await logged(container);
  assert.deepEqual(failed, []);
  for (const [index, path] of PATHS.entries()) {
    const { total, failures } = /** @type {import("../support/http.mjs").LoadResult} */ (results[index]);
    const reasons = [...new Set(failures)].join(", ");
    t.diagnostic(`${path}: ${total - failures.length} answered, ${failures.length} not accepted (${reasons})`);
    assert.equal(answered(path).length, total - failures.length, path);
  }
  assert.equal(await docker(["inspect", container, "--format", "{{.State.ExitCode}}"]), "0");
}
