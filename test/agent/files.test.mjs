import assert from "node:assert/strict";
import { mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { waitFor } from "../../local/processes.mjs";
import { request } from "../support/http.mjs";
import { ask, logIn, setUp } from "./support/browser.mjs";
import { startCluster, untilSql } from "./support/cluster.mjs";
import { startFakePeer } from "./support/fake-peer.mjs";
import { load } from "./support/load.mjs";
import { addMonitors } from "./support/monitors.mjs";

const PNG_HEADER = "data:image/png;base64,";
// Any bytes will do: nobody looks at them.
const [FIRST, SECOND, OLD] = ["first", "second", "old"].map((text) =>
  Buffer.from(`\u0089PNG ${text.repeat(1000)}`, "latin1"),
);

/** @type {import("./support/cluster.mjs").Cluster} */
let cluster;
/** @type {Record<string, import("socket.io-client").Socket>} */
const browsers = {};

before(async () => {
  cluster = await startCluster({ nodes: 2 });
  await setUp(cluster.nodes[0]);
  for (const node of cluster.nodes) browsers[node.node_id] = await logIn(node);
});

after(async () => {
  for (const browser of Object.values(browsers)) browser.disconnect();
  await cluster?.close();
});

/** @param {string} folder of a node @param {string} name */
const local = (folder, name) => join(cluster.dir, folder, "data", name);

/** @param {number} node @param {string} path @param {RequestInit} [options] */
async function get(node, path, options) {
  const answer = await fetch(cluster.nodes[node].url + path, { signal: AbortSignal.timeout(8000), ...options });
  return { status: answer.status, headers: answer.headers, body: Buffer.from(await answer.arrayBuffer()) };
}

/** Saves a status page with a new icon on a node. @param {string} node @param {string} slug @param {Buffer} icon */
async function saveIcon(node, slug, icon) {
  const config = { slug, title: slug, description: "", theme: "auto", showTags: false, customCSS: "", footerText: "" };
  const more = {
    domainNameList: [],
    analyticsType: null,
    analyticsId: null,
    googleAnalyticsId: null,
    autoRefreshInterval: 300,
  };
  const image = PNG_HEADER + icon.toString("base64");
  const answer = await ask(browsers[node], "saveStatusPage", slug, { ...config, ...more }, image, [
    { name: "group", monitorList: [] },
  ]);
  assert.equal(answer.ok, true, JSON.stringify(answer));
}

test("an icon that one node received is served by all, also after it was replaced on another one", async () => {
  assert.equal((await ask(browsers.node1, "addStatusPage", "page", "page")).ok, true);
  await saveIcon("node1", "page", FIRST);
  const [[icon]] = await cluster.sql("SELECT icon FROM status_page WHERE slug = 'page'");
  assert.match(icon, /^\/upload\/logo1\.png\?t=\d+$/);
  for (const node of [0, 1]) {
    const { status, headers, body } = await get(node, icon);
    assert.deepEqual([status, headers.get("content-type")], [200, "image/png"]);
    assert.deepEqual(body, FIRST);
  }
  await saveIcon("node2", "page", SECOND);
  for (const node of [0, 1]) assert.deepEqual((await get(node, "/upload/logo1.png")).body, SECOND);
  const tags = await Promise.all(
    [0, 1].map(async (node) => (await get(node, "/upload/logo1.png")).headers.get("etag")),
  );
  assert.equal(tags[0], tags[1], "a browser may keep it, whichever node it asks");
});

test("a Kuma that writes icons in another way stays as it is", async () => {
  const { imageDataUriHook } = await load("hooks/image-data-uri");
  const exports = {};
  assert.equal(imageDataUriHook.patch(exports, {}), "outputFile is not a function");
  imageDataUriHook.unpatch(exports);
  assert.deepEqual(exports, {});
});

test("what is no plain name of a file is left to Kuma", async () => {
  writeFileSync(local("node1", "secret"), "secret");
  for (const path of [
    "/upload/..%2fsecret",
    "/upload/%2e%2e%2fsecret",
    "/upload/.hidden",
    "/upload/none.png",
    `/upload/${"x".repeat(300)}`,
  ]) {
    const { status, body } = await get(0, path);
    assert.ok(status >= 400, `${path}: ${status}`);
    assert.doesNotMatch(body.toString(), /secret/);
  }
});

test("the icon of a status page that is deleted goes with the next upload", async () => {
  assert.equal((await ask(browsers.node1, "addStatusPage", "gone", "gone")).ok, true);
  await saveIcon("node1", "gone", FIRST);
  await untilSql(cluster, "SELECT COUNT(*) FROM cluster_file", "2");
  assert.equal((await ask(browsers.node2, "deleteStatusPage", "gone")).ok, true);
  await saveIcon("node2", "page", FIRST);
  assert.deepEqual(await cluster.sql("SELECT name FROM cluster_file"), [["logo1.png"]]);
});

test("uploads of the time before the cluster are shared when their node starts", async () => {
  mkdirSync(local("node3", "upload"), { recursive: true });
  await cluster.sql(
    "INSERT INTO status_page (id, slug, title, icon, theme) VALUES (70, 'old', 'old', '/upload/logo70.png', 'auto')",
  );
  writeFileSync(local("node3", "upload/logo70.png"), OLD);
  writeFileSync(local("node3", "upload/logo71.png"), OLD);
  writeFileSync(local("node3", "upload/logo1.png"), OLD);
  const node = await cluster.node("node3");
  await node.ready();
  await untilSql(cluster, "SELECT GROUP_CONCAT(name ORDER BY name) FROM cluster_file", "logo1.png,logo70.png");
  assert.deepEqual((await get(1, "/upload/logo70.png")).body, OLD);
  assert.deepEqual((await get(1, "/upload/logo1.png")).body, FIRST, "the one that is shared stays");
  await node.stop("SIGKILL");
});

test("a screenshot is fetched from the node that runs its monitor", async () => {
  const [{ id }] = await addMonitors(cluster, { count: 1, interval: 600, home: "node1", prefix: "shot" });
  const peer = await startFakePeer(cluster, "peer");
  try {
    const require = createRequire(join(cluster.kumaDir, "server", "server.js"));
    const { screenshotMonitor } = await load("peers/screenshots");
    const name = `${require("jsonwebtoken").sign(id, "secret")}.png`;
    assert.equal(screenshotMonitor(name), id);
    for (const other of ["x.png", "a.b.c.png", `${name}.png`, "..", `../${name}`])
      assert.equal(screenshotMonitor(other), undefined);
    mkdirSync(local("node1", "screenshots"), { recursive: true });
    writeFileSync(local("node1", `screenshots/${name}`), FIRST);
    assert.deepEqual((await get(1, `/screenshots/${name}`)).body, FIRST);
    assert.throws(() => statSync(local("node2", `screenshots/${name}`)), "it is not stored");
    const tag = (await get(1, `/screenshots/${name}`)).headers.get("etag") ?? "";
    // fetch asks for a fresh copy itself when it is given a tag.
    const known = await request(`${cluster.nodes[1].url}/screenshots/${name}`, { headers: { "If-None-Match": tag } });
    assert.equal(known.status, 304);
    const hop = await get(1, `/screenshots/${name}`, { headers: { "X-Cluster-Hop": "node1" } });
    assert.notDeepEqual(hop.body, FIRST, "a node that is asked by another one asks nobody");

    await cluster.sql(`UPDATE monitor SET assigned_node = 'peer' WHERE id = ${id}`);
    peer.answers((_request, response) => void response.writeHead(200, { "Content-Type": "text/html" }).end("<html>"));
    const running = async () => (await get(0, `/screenshots/${name}`)).body.equals(FIRST) && peer.requests.length > 0;
    await waitFor(running, { what: "the last one of this node where the owner has none", timeoutMs: 5000 });
    assert.equal(peer.requests[0].headers["x-cluster-hop"], "node1");
  } finally {
    await peer.close();
  }
});

test("without a database a node serves what it has, and what it lost comes back with it", async () => {
  const { body: expected } = await get(0, "/upload/logo1.png");
  await cluster.db.kill();
  const { status, body } = await get(0, "/upload/logo1.png");
  assert.deepEqual([status, body], [200, expected]);
  await cluster.restartDatabase();
  rmSync(local("node1", "upload/logo1.png"));
  const back = async () => (await get(0, "/upload/logo1.png")).body.equals(expected);
  await waitFor(back, { what: "the icon", timeoutMs: 15000 });
});
