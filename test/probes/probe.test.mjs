import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { after, before, test } from "node:test";
import { freePort } from "../../local/ports.mjs";
import { waitFor } from "../../local/processes.mjs";
import { request } from "../support/http.mjs";
import { nextResult, startLeader, startProbe } from "./harness.mjs";
import { startTargets } from "./targets.mjs";

/** @typedef {import("./harness.mjs").FakeLeader} FakeLeader */
/** @typedef {import("./harness.mjs").Probe} Probe */

/** @type {Awaited<ReturnType<typeof startTargets>>} */
let targets;
/** @type {string} */
let dir;
/** @type {(() => Promise<unknown>)[]} */
let closers = [];

before(async () => {
  dir = mkdtempSync(join(tmpdir(), "kt-"));
  targets = await startTargets(dir);
});
after(() => {
  targets?.close();
  rmSync(dir, { recursive: true, force: true });
});

/** @param {Parameters<typeof startLeader>[0]} [options] */
async function leaderOf(options) {
  const leader = await startLeader(options);
  closers.push(leader.close);
  return leader;
}

/** @param {Parameters<typeof startProbe>[0]} options */
async function probeOf(options) {
  const probe = await startProbe(options);
  closers.push(probe.close);
  return probe;
}

/** @param {string} name @param {() => Promise<void>} body */
function story(name, body) {
  test(name, async () => {
    try {
      await body();
    } finally {
      for (const close of closers.reverse()) await close();
      closers = [];
    }
  });
}

const page = (/** @type {string} */ path) => `http://127.0.0.1:${targets.ports.http}${path}`;

/**
 * Checks of a page each, whose requests tell when it was checked.
 * @param {number} count @param {string} path @param {object} [more]
 */
const pages = (count, path, more = {}) =>
  Array.from({ length: count }, (_, index) => {
    const target = { url: page(`${path}?check=${index + 1}`) };
    return { id: index + 1, kind: "http", target, interval: 1, timeout_ms: 3000, ...more };
  });

/** @param {string} url */
const seenAt = (url) => targets.seen.filter((one) => one.url === url).map(({ at }) => at);

/** @param {FakeLeader} leader @param {string} path @param {number} count */
const untilAsked = (leader, path, count) =>
  waitFor(() => leader.requests(path).length >= count, { what: `${count} requests for ${path}`, timeoutMs: 20000 });

const REGISTER = "/lb/probes/register";
const ASSIGNMENTS = "/lb/probes/assignments";
const RESULTS = "/lb/probes/results";

/** Every result's number is there once, from the first to the last. @param {FakeLeader} leader */
function assertComplete(leader) {
  const numbers = [...new Set(leader.results.map(({ seq }) => seq))].sort((a, b) => a - b);
  assert.deepEqual(
    numbers,
    Array.from(numbers, (_, index) => index + 1),
  );
}

story("a probe registers, fetches what to check and says what came of it; it has no pages but its own", async () => {
  const leader = await leaderOf({ refresh: 1 });
  const port = await freePort();
  const probe = await probeOf({ peers: `http://127.0.0.1:${port}`, env: { NODE_NAME: "Probe in Dublin" } });
  const early = await request(`${probe.url}/lb/readyz`);
  assert.deepEqual([early.status, early.json.error], [503, "not_ready"]);
  await probe.close();
  closers.pop();

  leader.assign(pages(1, "/text/one"));
  const second = await probeOf({ peers: leader.url, env: { NODE_NAME: "Probe in Dublin" } });
  await nextResult(leader, 1);
  const [registered] = leader.requests(REGISTER);
  const { version, ...body } = registered?.body ?? {};
  assert.deepEqual(body, { probe_id: "probe1", name: "Probe in Dublin", region: "eu-west" });
  assert.match(version, /^\d+\.\d+\.\d+$/);
  await untilAsked(leader, ASSIGNMENTS, 3);
  const [first, ...later] = leader.requests(ASSIGNMENTS);
  assert.deepEqual([first?.status, first?.etag], [200, undefined]);
  for (const one of later) assert.equal(one.status, 304);

  assert.equal((await request(`${second.url}/lb/readyz`)).status, 200);
  assert.equal((await request(`${second.url}/lb/ping`)).text, "pong");
  const { node_id, mode, can_lead } = (await request(`${second.url}/lb/livez`)).json;
  assert.deepEqual([node_id, mode, can_lead], ["probe1", "probe", false]);
  const html = await request(`${second.url}/`, { headers: { Accept: "text/html" } });
  assert.deepEqual([html.status, html.headers["content-type"]], [503, "text/html; charset=utf-8"]);
  for (const path of ["/", "/dashboard", "/api/push/x", "/socket.io/?a=b"]) {
    const answer = await request(`${second.url}${path}`);
    assert.deepEqual([answer.status, answer.json?.error], [503, "probe_only"], path);
  }
  for (const path of ["/lb/", "/lb/health", "/lb/system-status", "/lb/set-fixed-node", "/lb/nothing"]) {
    const answer = await request(`${second.url}${path}`);
    assert.deepEqual([answer.status, answer.json?.error], [404, "not_here"], path);
  }
  const headers = { "X-Cluster-Secret": "s3cret" };
  assert.equal((await request(`${second.url}/lb/debug-config`, { headers })).status, 200);
  assert.equal((await request(`${second.url}/lb/debug-config`)).status, 401);
  assert.equal(second.lines(/plain http: who is on the way can read the secret/).length, 1);
  assert.equal(second.lines(/DATABASE|database|\[(crit|alert|emerg|error)\]/).length, 0);
});

story("checks keep their interval, are spread over it, and never more than ten run at once", async () => {
  const leader = await leaderOf();
  leader.assign([
    ...pages(40, "/slow/400", { interval: 4 }),
    { ...pages(1, "/text/often")[0], id: 99 },
    { ...pages(1, "/hang")[0], id: 98, timeout_ms: 2500 },
  ]);
  targets.load.most = 0;
  const probe = await probeOf({ peers: leader.url });
  await waitFor(() => leader.resultsOf(40).length >= 4, { what: "four rounds", timeoutMs: 60000 });
  assert.ok(targets.load.most >= 2 && targets.load.most <= 10, `${targets.load.most} at once`);
  for (const id of [1, 7, 23]) {
    const times = seenAt(`/slow/400?check=${id}`);
    for (const [index, at] of times.slice(1).entries()) {
      const gap = at - (times[index] ?? 0);
      assert.ok(gap > 3000 && gap < 9000, `check ${id}: ${gap} ms between two`);
    }
  }
  const firsts = Array.from({ length: 40 }, (_, index) => seenAt(`/slow/400?check=${index + 1}`)[0] ?? 0);
  assert.ok(Math.max(...firsts) - Math.min(...firsts) > 2000, "all began together");
  // It takes 2.5 s of an interval of 1 s: never twice at the same time.
  const hanging = seenAt("/hang?check=1");
  for (const [index, at] of hanging.slice(1).entries()) assert.ok(at - (hanging[index] ?? 0) > 2000);

  leader.assign(pages(1, "/text/often").map((check) => ({ ...check, id: 99 })));
  await waitFor(() => probe.lines(/1 checks to do/)[0], { what: "the new list", timeoutMs: 10000 });
  await sleep(3000);
  const known = targets.seen.length;
  await sleep(3000);
  const since = targets.seen.slice(known).map(({ url }) => url);
  assert.ok(since.length >= 2 && since.length <= 4, String(since));
  assert.deepEqual([...new Set(since)], ["/text/often?check=1"]);
});

story("while the leader is away results wait, and come with their true times", async () => {
  const leader = await leaderOf();
  leader.assign(pages(5, "/text/away"));
  const probe = await probeOf({ peers: leader.url });
  await nextResult(leader, 5);
  await leader.away();
  await sleep(5000);
  const checkedMeanwhile = seenAt("/text/away?check=1").length;
  assert.ok(checkedMeanwhile >= 5);
  const before = leader.results.length;
  await leader.back();
  await waitFor(() => leader.results.length >= before + 20, { what: "what was kept", timeoutMs: 30000 });
  await nextResult(leader, 1);
  assertComplete(leader);
  const seqs = leader.results.map(({ seq }) => seq);
  assert.deepEqual(
    seqs,
    [...seqs].sort((a, b) => a - b),
    "not the oldest first",
  );
  for (const id of [1, 3, 5]) {
    const asked = seenAt(`/text/away?check=${id}`);
    for (const [index, { checked_at }] of leader.resultsOf(id).entries()) {
      const difference = checked_at - (asked[index] ?? 0);
      assert.ok(difference > -50 && difference < 700, `check ${id}, result ${index}: off by ${difference} ms`);
    }
  }
  for (const { body } of leader.requests(RESULTS)) assert.ok(body.results.length <= 500);
  // Each outage is told at its end, and at its beginning once for each cause: a busy machine may add one.
  const ends = /cannot reach the leader|the leader at \S+ answers again/;
  const told = () => probe.lines(ends).map((line) => line.slice(line.search(ends)));
  await waitFor(() => told().at(-1)?.includes("answers again") === true, { what: "the end of the outage in the log" });
  const all = told();
  assert.ok(all.length >= 2 && all.length <= 6, all.join("\n"));
  for (const [index, line] of all.slice(1).entries()) assert.notEqual(line, all[index], "told twice");
});

story("a reload and the death of a worker lose nothing that waits, and double no check", async () => {
  const leader = await leaderOf();
  leader.assign(pages(4, "/text/kept"));
  const probe = await probeOf({ peers: leader.url });
  await nextResult(leader, 4);
  await leader.away();
  await sleep(2000);
  const old = probe.workers();
  await probe.reload();
  await waitFor(() => probe.workers().every((pid) => !old.includes(pid)), { what: "the reload", timeoutMs: 30000 });
  // Without its leader it goes on: the new workers know what to check.
  const checked = seenAt("/text/kept?check=1").length;
  await waitFor(() => seenAt("/text/kept?check=1").length >= checked + 2, {
    what: "checks after it",
    timeoutMs: 10000,
  });
  for (const pid of probe.workers()) process.kill(pid, "SIGKILL");
  const killed = seenAt("/text/kept?check=1").length;
  await waitFor(() => seenAt("/text/kept?check=1").length >= killed + 2, { what: "checks again", timeoutMs: 20000 });
  await leader.back();
  await nextResult(leader, 1, 30000);
  await nextResult(leader, 1);
  assertComplete(leader);
  assert.equal(leader.requests(REGISTER).length, 1);
  const times = seenAt("/text/kept?check=2");
  for (const [index, at] of times.slice(1).entries()) assert.ok(at - (times[index] ?? 0) > 500, "checked twice");
  // Each that was checked is there, but for the one that the killed worker was at.
  for (const id of [1, 2, 3, 4]) {
    const missing = seenAt(`/text/kept?check=${id}`).length - leader.resultsOf(id).length;
    assert.ok(missing <= 2, `${missing} of check ${id} are missing`);
  }
});

story("a leader that has forgotten the probe is told again who it is, and gets every result once", async () => {
  const leader = await leaderOf();
  leader.assign(pages(2, "/text/again"));
  const probe = await probeOf({ peers: leader.url });
  await nextResult(leader, 1);
  leader.forgetProbes();
  await untilAsked(leader, REGISTER, 2);
  await nextResult(leader, 1);
  const seqs = leader.results.map(({ seq }) => seq);
  assert.deepEqual(seqs, [...new Set(seqs)]);
  assertComplete(leader);
  assert.equal(probe.lines(/does not know this registration any more/).length, 1);
});

story("a wrong secret is said clearly, and tried again slowly", async () => {
  const leader = await leaderOf({ secret: "another" });
  const probe = await probeOf({ peers: leader.url });
  await waitFor(() => probe.lines(/our CLUSTER_SECRET is not the leader's/)[0], { what: "a line", timeoutMs: 10000 });
  await sleep(6000);
  assert.equal(leader.requests(REGISTER).length, 1);
  assert.equal(probe.lines(/CLUSTER_SECRET is not the leader's/).length, 1);
  const ready = await request(`${probe.url}/lb/readyz`);
  assert.equal(ready.status, 503);
  assert.match(ready.json.message, /refuses us with 401/);
});

story("of several URLs the first that works is used, and kept", async () => {
  const dead = `http://127.0.0.1:${await freePort()}`;
  const [first, second] = [await leaderOf(), await leaderOf()];
  for (const leader of [first, second]) leader.assign(pages(1, "/text/several"));
  const probe = await probeOf({ peers: `${dead},${first.url} ${second.url}` });
  await nextResult(first, 1);
  assert.equal(second.seen.length, 0);
  await first.away();
  await nextResult(second, 1, 20000);
  await first.back();
  const known = first.seen.length;
  await nextResult(second, 1);
  await nextResult(second, 1);
  assert.equal(first.seen.length, known);
  assert.ok(probe.lines(/using the leader at/).length >= 2);
  assert.equal(probe.lines(/cannot reach the leader/).length, 0);
});

story("a probe that does not reach its witness abstains", async () => {
  const leader = await leaderOf();
  const witness = createServer((socket) => socket.on("error", () => socket.destroy()).end());
  const port = await freePort();
  const listen = () => new Promise((done) => witness.listen(port, "127.0.0.1", () => done(undefined)));
  closers.push(async () => witness.close());
  await listen();
  const down = { id: 1, kind: "tcp", target: { host: "127.0.0.1", port: targets.ports.closed } };
  const up = { id: 2, kind: "tcp", target: { host: "127.0.0.1", port: targets.ports.raw } };
  leader.assign([down, up].map((check) => ({ ...check, interval: 1, timeout_ms: 1000 })));
  await probeOf({ peers: leader.url, env: { PROBE_WITNESS: `127.0.0.1:${targets.ports.closed}, 127.0.0.1:${port}` } });
  assert.equal((await nextResult(leader, 1)).status, "down");
  await new Promise((done) => witness.close(done));
  const abstained = () => leader.resultsOf(1).find(({ status }) => status === "abstain");
  const { message } = await waitFor(abstained, { what: "an abstention", timeoutMs: 20000 });
  assert.match(message, /^the probe cannot reach its witness either \(127.0.0.1:\d+: connection refused; 127.0.0.1:/);
  assert.match(message, /; the check: connection refused$/);
  assert.equal((await nextResult(leader, 2)).status, "up");
  await listen();
  const known = leader.resultsOf(1).length;
  const again = () =>
    leader
      .resultsOf(1)
      .slice(known)
      .find(({ status }) => status === "down");
  await waitFor(again, { what: "a word that counts", timeoutMs: 20000 });
});

story("without a witness the leader is it: what failed while it was away does not count", async () => {
  const leader = await leaderOf();
  const target = { host: "127.0.0.1", port: targets.ports.closed };
  leader.assign([{ id: 1, kind: "tcp", target, interval: 1, timeout_ms: 1000 }]);
  await probeOf({ peers: leader.url });
  assert.equal((await nextResult(leader, 1)).status, "down");
  await leader.away();
  await sleep(8000);
  await leader.back();
  const abstained = () => leader.resultsOf(1).some(({ status }) => status === "abstain");
  await waitFor(abstained, { what: "abstentions", timeoutMs: 20000 });
});

story("results that the leader will never take do not stand in the way of others", async () => {
  const leader = await leaderOf();
  leader.assign(pages(1, "/text/poison"));
  const probe = await probeOf({ peers: leader.url });
  await nextResult(leader, 1);
  leader.refuseResults(503);
  await sleep(2500);
  leader.refuseResults(400);
  await waitFor(() => probe.lines(/results are lost: the leader answered 400/)[0], {
    what: "a line",
    timeoutMs: 20000,
  });
  leader.refuseResults(undefined);
  await nextResult(leader, 1);
});

story("the leader's certificate is looked at, and a wrong setting ends the start", async () => {
  const probe = await probeOf({ peers: `https://localhost:${targets.ports.wrongName}`, trusted: targets.trusted });
  await waitFor(() => probe.lines(/TLS: certificate host mismatch/)[0], { what: "a line", timeoutMs: 10000 });
  assert.equal(probe.lines(/plain http/).length, 0);
  const good = { peers: "http://127.0.0.1:1" };
  await assert.rejects(startProbe({ ...good, env: { CLUSTER_SECRET: "" } }), /needs CLUSTER_SECRET/);
  await assert.rejects(startProbe({ ...good, env: { UPTIME_KUMA_NODE_ID: "" } }), /needs UPTIME_KUMA_NODE_ID/);
  await assert.rejects(startProbe({ ...good, env: { PROBE_WITNESS: "nobody" } }), /PROBE_WITNESS="nobody"/);
});
