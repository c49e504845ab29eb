// Containers that are to the software what the pods of a Kubernetes namespace are: a pod's name is its host name, its full
// name stands in /etc/hosts, short names need the search list, the agent comes from an init container, and a pod that is
// deleted comes back under its name with another address.
import { randomBytes } from "node:crypto";
import { createPool } from "mysql2/promise";
import { freePort } from "../../local/ports.mjs";
import { waitFor } from "../../local/processes.mjs";
import { docker } from "./engine.mjs";
import { SECRET } from "./project.mjs";

const KUMA_IMAGE = "louislam/uptime-kuma:2";
const MARIADB_IMAGE = "mariadb:11";
const COPIES = "/usr/local/openresty/nginx/public-copies";
const ACCESS = { user: "kuma", password: "pods-s3cret", database: "kuma" };

/** Where the services' names are. */
export const DOMAIN = "monitoring.svc.cluster.local";
const SEARCH = [DOMAIN, "svc.cluster.local", "cluster.local"];

/** Seconds between the signal that ends a container and SIGKILL: terminationGracePeriodSeconds. */
const GRACE_S = 60;

/** What a namespace that is "restricted" asks of a container. */
const RESTRICTED = ["--user", "10001:10001", "--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"];

/** What every container of a pod finds in its environment: the API server, and the namespace's services. */
const SERVICE_LINKS = {
  KUBERNETES_SERVICE_HOST: "10.96.0.1",
  KUBERNETES_SERVICE_PORT: "443",
  UPTIME_KUMA_SERVICE_HOST: "10.96.7.7",
  UPTIME_KUMA_PORT: "tcp://10.96.7.7:3001",
  MARIADB_PORT: "tcp://10.96.7.8:3306",
};

/** An emptyDir belongs to root and is open to all; a volume would get the owner that the image gives the folder. */
const AS_EMPTY_DIR = ["sh", "-c", "chown root:root /dir && chmod 777 /dir && touch /dir/.keep"];

const TARGET = 'require("http").createServer((question, answer) => answer.end("ok")).listen(8080)';

/**
 * @typedef {object} PodSpec
 * @property {string} pod
 * @property {string} service the headless service in whose domain its name is
 * @property {string} image
 * @property {Record<string, string>} [env]
 * @property {string[]} [options] of docker run
 * @property {string[]} [command]
 *
 * @typedef {Awaited<ReturnType<typeof newNamespace>>} Namespace
 */

/** Builds the image, and starts a database and something to be monitored; nodes and load balancers are started by name. */
export async function newNamespace() {
  const name = `kt-${randomBytes(4).toString("hex")}`;
  const image = `${name}/openresty`;
  const volumes = new Set();
  const container = (/** @type {string} */ pod) => `${name}-${pod}`;
  const run = (/** @type {PodSpec} */ spec) =>
    docker(["run", "--detach", "--name", container(spec.pod), ...podOptions(name, spec)]);
  const remove = (/** @type {string} */ pod) => docker(["rm", "--force", "--volumes", container(pod)]);
  await docker(["build", "-f", "Dockerfile.openresty", "-t", image, "."]);
  await docker(["network", "create", name]);
  const dbPort = await freePort();
  await run(database(dbPort));
  /** A pod behind the service `target`, which answers on port 8080. */
  const startBystander = (/** @type {string} */ pod) =>
    run({ pod, service: "target", image: KUMA_IMAGE, options: ["--entrypoint", "node"], command: ["-e", TARGET] });
  await startBystander("target-0");
  const connected = () => docker(["exec", container("mariadb-0"), "healthcheck.sh", "--connect"]).then(() => true);
  await waitFor(connected, { what: "MariaDB", timeoutMs: 120000, everyMs: 500 });
  const pool = createPool({ ...ACCESS, host: "127.0.0.1", port: dbPort, connectionLimit: 2, timezone: "Z" });
  return {
    ...{ container, remove, startBystander },
    /** @param {string} text @returns {Promise<any[]>} the rows */
    sql: async (text) => /** @type {any[]} */ ((await pool.query(text))[0]),
    /** Init container and container of a node. @param {number} ordinal @param {Record<string, string>} [env] */
    startNode: async (ordinal, env = {}) => {
      const pod = `uptime-kuma-${ordinal}`;
      const [agent, data] = [`${container(pod)}-agent`, `${container(pod)}-data`];
      volumes.add(agent).add(data);
      const init = ["run", "--rm", "--network", "none", "--user", "10001", "--volume", `${agent}:/agent`];
      await docker([...init, image, "cp", "/opt/agent/register.js", "/agent/"]);
      await run(node(pod, ["--volume", `${agent}:/agent:ro`, "--volume", `${data}:/app/data`], env));
      return pod;
    },
    /** @param {string} pod @returns {Promise<string>} its URL from outside, another one each time */
    startBalancer: async (pod) => {
      const port = await freePort();
      const copies = `${container(pod)}-copies`;
      volumes.add(copies);
      await docker(["run", "--rm", "--user", "0", "--volume", `${copies}:/dir`, image, ...AS_EMPTY_DIR]);
      await run(balancer(pod, image, ["--publish", `127.0.0.1:${port}:8084`, "--volume", `${copies}:${COPIES}`]));
      return `http://127.0.0.1:${port}`;
    },
    /** As the kubelet ends a pod's container; comes back when it has ended. @param {string} pod */
    terminate: (pod) => docker(["stop", "--time", String(GRACE_S), container(pod)]),
    /** @param {string} pod */
    address: (pod) =>
      docker(["inspect", "--format", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", container(pod)]),
    close: async () => {
      await pool.end();
      const left = await docker(["ps", "--all", "--quiet", "--filter", `network=${name}`]);
      if (left !== "") await docker(["rm", "--force", "--volumes", ...left.split("\n")]);
      if (volumes.size > 0) await docker(["volume", "rm", "--force", ...volumes]);
      await docker(["network", "rm", name]);
      await docker(["image", "rm", "--force", image]);
    },
  };
}

/** The options, image and arguments of docker run that make a container like a pod. @param {string} network @param {PodSpec} spec */
function podOptions(network, { pod, service, image, env = {}, options = [], command = [] }) {
  const domain = `${service}.${DOMAIN}`;
  const identity = ["--hostname", pod, "--domainname", domain];
  const names = ["--network", network, "--network-alias", `${pod}.${domain}`, "--network-alias", domain];
  const resolver = [...SEARCH.flatMap((suffix) => ["--dns-search", suffix]), "--dns-opt", "ndots:5"];
  const variables = Object.entries({ ...SERVICE_LINKS, ...env }).flatMap(([key, value]) => [
    "--env",
    `${key}=${value}`,
  ]);
  return [...identity, ...names, ...resolver, ...variables, ...options, image, ...command];
}

/** @param {number} port @returns {PodSpec} */
function database(port) {
  const { user, password, database: schema } = ACCESS;
  const account = { MARIADB_DATABASE: schema, MARIADB_USER: user, MARIADB_PASSWORD: password };
  return {
    ...{ pod: "mariadb-0", service: "mariadb", image: MARIADB_IMAGE },
    env: { MARIADB_RANDOM_ROOT_PASSWORD: "1", ...account },
    options: ["--publish", `127.0.0.1:${port}:3306`],
  };
}

/** @param {string} pod @param {string[]} options @param {Record<string, string>} env @returns {PodSpec} */
function node(pod, options, env) {
  const { user, password, database: schema } = ACCESS;
  const account = { UPTIME_KUMA_DB_NAME: schema, UPTIME_KUMA_DB_USERNAME: user, UPTIME_KUMA_DB_PASSWORD: password };
  const server = { UPTIME_KUMA_DB_TYPE: "mariadb", UPTIME_KUMA_DB_HOSTNAME: "mariadb", UPTIME_KUMA_DB_PORT: "3306" };
  const agent = { NODE_OPTIONS: "--require /agent/register.js", CLUSTER_SECRET: SECRET };
  return {
    ...{ pod, service: "uptime-kuma", image: KUMA_IMAGE, options },
    env: { ...server, ...account, ...agent, ...env },
  };
}

/** @param {string} pod @param {string} image @param {string[]} options @returns {PodSpec} */
function balancer(pod, image, options) {
  const account = { DB_HOST: "mariadb", DB_USER: ACCESS.user, DB_PASSWORD: ACCESS.password, DB_NAME: ACCESS.database };
  const identity = { UPTIME_KUMA_NODE_ID: pod, UPTIME_KUMA_NODE_HOST: pod, CLUSTER_SECRET: SECRET };
  // Nobody is there to ask for a rebalancing after the autoscaler has added a pod.
  const settings = { CLUSTER_NODE_COUNT: "2", REBALANCE_MIN_DIFF: "2", REBALANCE_QUIET_TIME: "5" };
  return {
    ...{ pod, service: "openresty", image, env: { ...account, ...identity, ...settings } },
    options: [...RESTRICTED, "--tmpfs", "/tmp", ...options],
  };
}
