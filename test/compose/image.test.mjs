// The image by itself: what is in it, who runs it, what it may write, and the suite that runs inside it.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { waitFor } from "../../local/processes.mjs";
import { docker } from "./engine.mjs";

const USER = "10001";
const COPIES = "/usr/local/openresty/nginx/public-copies";

const name = `kt-${randomBytes(4).toString("hex")}`;
const image = `${name}/openresty`;
const testEnv = { TEST_IMAGE: `${name}/test` };

before(() => docker(["build", "-f", "Dockerfile.openresty", "-t", image, "--build-arg", "REVISION=abc", "."]));
after(async () => {
  await docker(["rm", "--force", "--volumes", name]);
  await docker(["image", "rm", "--force", image, testEnv.TEST_IMAGE]);
});

/** @param {string} format */
const ofImage = async (format) =>
  JSON.parse(await docker(["image", "inspect", image, "--format", `{{json ${format}}}`]));

/** @param {string[]} args */
const exec = (...args) => docker(["exec", name, ...args]);

test("it says what it is, and how it is stopped and checked", async (t) => {
  const { Labels, User, StopSignal, Healthcheck, ExposedPorts } = await ofImage(".Config");
  assert.equal(Labels["org.opencontainers.image.revision"], "abc");
  assert.equal(Labels["org.opencontainers.image.licenses"], "MIT");
  assert.equal(User, `${USER}:${USER}`);
  assert.equal(StopSignal, "SIGQUIT");
  assert.deepEqual(Healthcheck.Test, ["CMD", "/usr/local/bin/healthcheck"]);
  assert.deepEqual(Object.keys(ExposedPorts), ["8084/tcp"]);
  t.diagnostic(`${((await ofImage(".Size")) / 1e6).toFixed(0)} MB`);
});

test("it runs on a read-only root without a capability, as nobody but its own user", async (t) => {
  const limits = ["--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"];
  const places = ["--tmpfs", "/tmp", "--tmpfs", `${COPIES}:uid=${USER}`];
  // A probe needs no database.
  const role = { CLUSTER_MODE: "probe", CLUSTER_SECRET: "s3cret", CLUSTER_PEER_URL: "http://127.0.0.1:9" };
  const env = Object.entries({ ...role, UPTIME_KUMA_NODE_ID: "p" }).flatMap(([key, value]) => [
    "-e",
    `${key}=${value}`,
  ]);
  await docker(["run", "--detach", "--name", name, "--network", "none", ...limits, ...places, ...env, image]);
  await waitFor(() => exec("healthcheck").then(() => true), { what: "the load balancer" });
  const processes = (await docker(["top", name, "-eo", "pid,uid,args"])).split("\n").slice(1);
  t.diagnostic(processes.map((line) => line.trim().split(/\s+/).slice(1, 6).join(" ")).join(" | "));
  assert.deepEqual(new Set(processes.map((line) => line.trim().split(/\s+/)[1])), new Set([USER]));
  await assert.rejects(exec("touch", "/usr/local/openresty/x"), /Read-only file system/);
  await assert.rejects(exec("healthcheck", "9"), /Connection refused/);
  await exec("openresty", "-t");
});

test("it has the pages, the renderer of the API's and the agent", async () => {
  const html = "/usr/local/openresty/nginx/html/lb";
  await exec("test", "-s", `${html}/index.html`, "-a", "-s", `${html}/docs/swagger-ui-bundle.js`);
  for (const file of ["register.js", "import-sqlite.js"]) await exec("test", "-s", `/opt/agent/${file}`);
});

test("OpenResty's own library for MySQL is used where there is one", async () => {
  const file = "/usr/local/openresty/lualib/resty/mysql.lua";
  const script = `mkdir -p $(dirname ${file}) && echo "error('this is it')" > ${file} && exec openresty -g 'daemon off;'`;
  const args = ["run", "--rm", "--user", "0", "--network", "none", "--env", "DB_HOST=127.0.0.1"];
  await assert.rejects(docker([...args, image, "bash", "-c", script]), /mysql\.lua:1: this is it/);
});

test("the suite of the Lua modules runs inside it", async (t) => {
  const compose = ["compose", "-p", `${name}-test`, "-f", "docker-compose.test.yaml"];
  const said = await docker(
    [...compose, "run", "--rm", "test", "node", "test/lua/run.mjs", "choose", "mysql"],
    testEnv,
  );
  const counts = /(\d+) successes \/ 0 failures \/ 0 errors/.exec(said);
  assert.ok(counts, said.slice(-2000));
  t.diagnostic(counts[0]);
  await docker([...compose, "down"], testEnv);
});
