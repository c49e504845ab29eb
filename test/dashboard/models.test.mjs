import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./support/load.mjs";
import { nodeDetail, systemStatus } from "./support/status.mjs";

const { nodeViews, keepEqual } = await load("model/node-view");
const { shownNodes, countByState } = await load("model/node-filter");
const { changedNodes, onlineNodes } = await load("model/changes");
const { loadChanges } = await load("model/plan-summary");
const { sampleOf, addSample, pointsOf } = await load("model/samples");
const { drawChart, roundTop, COLOURS } = await load("model/chart");
const { beatsOf, BEATS } = await load("model/strip");
const { openOperations } = await load("model/operations");
const { headline, concerns } = await load("model/cluster-view");
const { createFormats } = await load("text/format");
const { en } = await load("text/en");

const formats = createFormats("en");
const [node1, node2, node10] = ["node1", "node2", "node10"].map((node_id) => nodeDetail({ node_id }));
const three = [node1, node2, node10].filter((node) => node !== undefined);
const dead = nodeDetail({ node_id: "node2", status: "offline", status_reason: "connection refused", monitor_count: 0 });

/** @param {{id: string}[]} list */
const ids = (list) => list.map(({ id }) => id);

test("a node that is as before keeps its object, so that its card is left alone", () => {
  const before = nodeViews(systemStatus(three));
  const after = keepEqual(before, nodeViews(systemStatus([three[0] ?? dead, dead, three[2] ?? dead])));
  assert.equal(after[0], before[0]);
  assert.notEqual(after[1], before[1]);
  assert.equal(after[2], before[2]);
});

test("nodes are found by name, region and state, and sorted as people count", () => {
  const far = nodeDetail({ node_id: "far", region: "eu-West", monitor_count: 50 });
  const views = nodeViews(systemStatus([...three.slice(0, 1), far, dead, ...three.slice(2)]));
  const filter = { text: "", state: "all", sort: "name" };
  assert.deepEqual(ids(shownNodes(views, filter)), ["far", "node1", "node2", "node10"]);
  assert.deepEqual(ids(shownNodes(views, { ...filter, text: " EU-W" })), ["far"]);
  assert.deepEqual(ids(shownNodes(views, { ...filter, state: "offline" })), ["node2"]);
  assert.equal(ids(shownNodes(views, { ...filter, sort: "state" }))[0], "node2");
  assert.equal(ids(shownNodes(views, { ...filter, sort: "load" }))[0], "far");
  assert.deepEqual(countByState(views), { online: 3, draining: 0, recovering: 0, offline: 1 });
});

test("what changed between two answers is told once", () => {
  const next = [...three.slice(0, 1), dead, nodeDetail({ node_id: "node11", status: "recovering" })];
  assert.deepEqual(changedNodes(three, three), []);
  assert.deepEqual(changedNodes(three, next), [
    { node: "node2", state: "offline" },
    { node: "node11", state: "recovering" },
    { node: "node10", state: undefined },
  ]);
  assert.equal(onlineNodes(next), "node1");
});

test("the cluster is one sentence, and names what needs somebody", () => {
  /** @param {NodeDetail[]} nodes @param {object} [cluster] */
  const say = (nodes, cluster) => headline(systemStatus(nodes, { cluster }), en, formats);
  assert.equal(say(three), "All 3 nodes are online");
  assert.equal(say([dead, ...three.slice(1)]), "2 of 3 nodes are online");
  assert.equal(say(three, { missing_nodes: 2 }), "3 of 5 nodes are online");
  assert.equal(say([dead]), "No node is online");
  /** @type {Pick<SystemStatusBody["cluster"], "database">} */
  const lost = { database: { status: "unreachable", error: "refused" } };
  assert.equal(say(three, lost), "The database does not answer");
  const status = systemStatus([dead, ...three], { cluster: { ...lost, missing_nodes: 1 } });
  const { list, more } = concerns(status, nodeViews(status), en, formats);
  assert.deepEqual(
    list.map((/** @type {{title: string}} */ concern) => concern.title),
    ["The database does not answer", "1 expected node has never registered.", "node2 is offline"],
  );
  assert.equal(list[2].detail, "connection refused");
  assert.equal(more, 0);
});

test("a dry run is summed up by node", () => {
  const moves = [
    { monitor_id: 1, from: "node1", to: "node2" },
    { monitor_id: 2, from: "node1", to: "gone" },
  ];
  const loads = [
    { id: "node1", monitors: 12 },
    { id: "node2", monitors: 2 },
  ];
  assert.deepEqual(loadChanges(moves, loads), [
    { node: "gone", before: 0, gets: 1, gives: 0, after: 1 },
    { node: "node1", before: 12, gets: 0, gives: 2, after: 10 },
    { node: "node2", before: 2, gets: 1, gives: 0, after: 3 },
  ]);
});

test("rates are those of one load balancer, and nothing is drawn over a gap", () => {
  /** @type {object[]} */
  let samples = [];
  const add = (/** @type {number} */ at, /** @type {number} */ requests) => {
    samples = addSample(samples, sampleOf(systemStatus(three, { requests }), at));
  };
  add(0, 100);
  add(1000, 110);
  add(2000, 120);
  add(60000, 5);
  const points = pointsOf(samples, "requests");
  assert.deepEqual(points[2].values, { node1: 10, node2: 10, node10: 10 });
  assert.deepEqual([points[3].at, points[3].values], [2001, undefined]);
  assert.deepEqual(points[4].values, { node1: 0, node2: 0, node10: 0 }, "never below zero");
  const other = systemStatus(three, { requests: 5000 });
  other.cluster.this_node.node_id = "lb-2";
  samples = addSample(samples, sampleOf(other, 61000));
  assert.equal(pointsOf(samples, "requests").at(-1).values, undefined);
});

test("a chart of many nodes has a colour for the highest and one for all others", () => {
  const nodes = Array.from({ length: 20 }, (_, index) =>
    nodeDetail({ node_id: `node${index + 1}`, monitor_count: index + 1 }),
  );
  const samples = [0, 1000].map((at) => sampleOf(systemStatus(nodes), at));
  const chart = drawChart(pointsOf(samples, "monitors"), "monitors", 1000);
  assert.equal(chart.bands.length, COLOURS + 1);
  assert.deepEqual([chart.bands[0].node, chart.bands.at(-1).node], ["node14", undefined]);
  assert.equal(chart.total, 210);
  assert.equal(chart.top, 300);
  assert.ok(chart.bands.every((/** @type {{path: string}} */ band) => !band.path.includes("NaN")));
  assert.deepEqual([roundTop(0), roundTop(0.07), roundTop(139), roundTop(1000)], [1, 0.08, 150, 1000]);
  assert.deepEqual(drawChart([], "monitors", 1000).bands, []);
});

test("each beat has the gravest state of its five seconds", () => {
  const at = 1_000_000;
  const samples = [
    sampleOf(systemStatus(three), at),
    sampleOf(systemStatus(three, { state: "degraded" }), at + 1000),
    sampleOf(systemStatus(three), at + 2000),
    sampleOf(systemStatus(three), at + 12000),
  ];
  const beats = beatsOf(samples, at + 12000);
  assert.equal(beats.length, BEATS);
  assert.deepEqual(
    beats.slice(-3).map((/** @type {{state: string}} */ beat) => beat.state),
    ["degraded", "unseen", "ok"],
  );
});

test("an operation is as far as its monitors beat", () => {
  const base = { id: 3, type: "drain", node_id: "node2", reason: "an operator drains the node" };
  const status = systemStatus(three, {
    operations: [
      { ...base, status: "running", moved: 6, total: 10, waiting: 1 },
      { ...base, status: "requested", moved: 0, total: 0, waiting: 0 },
      { ...base, status: "running", moved: 12, total: 10, waiting: 0 },
    ],
  });
  const [running, requested, beyond] = openOperations(status);
  assert.equal(running.progress, 0.5);
  assert.deepEqual([requested.isRequested, requested.progress], [true, undefined]);
  assert.deepEqual([beyond.total, beyond.progress], [12, 1]);
});
