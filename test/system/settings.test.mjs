import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { MIME_TYPES, nginxProgram, startLoadBalancer } from "../../local/load-balancer.mjs";
import { freePort } from "../../local/ports.mjs";

const dir = mkdtempSync(join(tmpdir(), "ks-"));
after(() => rmSync(dir, { recursive: true, force: true }));

/** What nginx says to these settings. */
async function complaint(/** @type {Record<string, string>} */ env) {
  const db = { host: "127.0.0.1", port: await freePort(), user: "kuma", password: "top-secret-pw", name: "kuma" };
  const lb = startLoadBalancer({ dir, port: await freePort(), db, env });
  const outcome = await lb.then((running) => running.stop().then(() => ""), String);
  assert.doesNotMatch(outcome, /top-secret-pw/);
  return outcome;
}

test("each wrong setting is one line with its name, its value and what is allowed", async () => {
  const text = await complaint({ DB_PORT: "abc", HEALTH_CHECK_FALL: "0", LOG_LEVEL: "loud" });
  const lines = text.split("\n");
  for (const [name, value] of [
    ["DB_PORT", "abc"],
    ["HEALTH_CHECK_FALL", "0"],
    ["LOG_LEVEL", "loud"],
  ]) {
    const found = lines.filter((line) => line.includes(String(name)));
    assert.equal(found.length, 1, text);
    assert.match(String(found[0]), new RegExp(String(value)));
  }
  assert.match(text, /debug/);
});

test("a list in which one part is wrong, or a name that its leader would refuse, is a wrong setting", async () => {
  const wrong = {
    DNS_RESOLVER: "127.0.0.1:53 name.example",
    DB_HOST: "db1 db2:port",
    NODE_REGION: "New York",
    NODE_NAME: "x".repeat(101),
  };
  const text = await complaint(wrong);
  for (const line of [
    'DNS_RESOLVER="127.0.0.1:53 name.example": must be addresses of name servers, as in 192.0.2.53:53',
    'DB_HOST="db1 db2:port": must be hosts, as in db1.example.com:3306',
    'NODE_REGION="New York": must be 1 to 64 letters, digits, _ . or -',
    `NODE_NAME="${wrong.NODE_NAME}": must be one line of up to 100 bytes`,
  ]) {
    assert.ok(text.includes(line), text);
  }
});

test("a secret comes from its file also where its variable is empty, and never from an empty file", async () => {
  const [file, empty] = [join(dir, "secret"), join(dir, "empty")];
  writeFileSync(file, "from-a-file\n");
  writeFileSync(empty, "\n");
  const db = { host: "127.0.0.1", port: await freePort(), user: "kuma", password: "x", name: "kuma" };
  const env = { CLUSTER_SECRET: "", CLUSTER_SECRET_FILE: file };
  const lb = await startLoadBalancer({ dir: join(dir, "secret-lb"), port: await freePort(), db, env });
  try {
    assert.equal((await fetch(`${lb.url}/lb/debug-config`)).status, 401);
    const shown = { headers: { "X-Cluster-Secret": "from-a-file" } };
    assert.equal((await fetch(`${lb.url}/lb/debug-config`, shown)).status, 200);
  } finally {
    await lb.stop();
  }
  assert.match(await complaint({ CLUSTER_SECRET_FILE: empty }), /CLUSTER_SECRET_FILE=".*empty": is empty/);
});

test("a load balancer with right settings starts even without a database and says that it cannot route", async () => {
  const db = { host: "127.0.0.1", port: await freePort(), user: "kuma", password: "x", name: "kuma" };
  const lb = await startLoadBalancer({ dir: join(dir, "lb"), port: await freePort(), db, env: { DB_TIMEOUT: "500" } });
  try {
    assert.equal((await fetch(`${lb.url}/lb/livez`)).status, 200);
    assert.equal((await fetch(`${lb.url}/lb/readyz`)).status, 503);
    const answer = await fetch(`${lb.url}/`);
    assert.equal(answer.status, 503);
    assert.ok(answer.headers.get("retry-after"));
  } finally {
    await lb.stop();
  }
});

test("the main file that is copied to a host of one's own is a right configuration", async () => {
  const prefix = join(dir, "host");
  mkdirSync(join(prefix, "logs"), { recursive: true });
  cpSync(fileURLToPath(new URL("../../nginx", import.meta.url)), join(prefix, "conf"), { recursive: true });
  cpSync(String(MIME_TYPES.find((file) => existsSync(file))), join(prefix, "conf/mime.types"));
  const { binary, globals } = nginxProgram();
  const files = ["-p", prefix, "-c", "conf/nginx.conf", "-e", join(prefix, "logs/error.log")];
  const { stderr } = await promisify(execFile)(binary, [...files, "-g", globals, "-t"]);
  assert.match(stderr, /test is successful/);
});
