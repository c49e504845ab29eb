// What makes a container like a pod: a pod's name is its host name, its full name stands in /etc/hosts, short names need the
// search list, and the services' addresses are in its environment.
import { SECRET } from "./project.mjs";

const KUMA_IMAGE = "louislam/uptime-kuma:2";
const MARIADB_IMAGE = "mariadb:11";
export const COPIES = "/usr/local/openresty/nginx/public-copies";
/** How the database is reached. */
export const ACCESS = { user: "kuma", password: "pods-s3cret", database: "kuma" };

/** Where the services' names are. */
export const DOMAIN = "monitoring.svc.cluster.local";
const SEARCH = [DOMAIN, "svc.cluster.local", "cluster.local"];

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

const TARGET = 'require("http").createServer((question, answer) => answer.end("ok")).listen(8080)';

/**
 * @typedef {object} PodSpec
 * @property {string} pod
 * @property {string} service the headless service in whose domain its name is
 * @property {string} image
 * @property {Record<string, string>} [env]
 * @property {string[]} [options] of docker run
 * @property {string[]} [command]
 */

/** The options, image and arguments of docker run that make a container like a pod. @param {string} network @param {PodSpec} spec */
export function podOptions(network, { pod, service, image, env = {}, options = [], command = [] }) {
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

/** @param {number} port on 127.0.0.1, for the tests themselves @returns {PodSpec} */
export function database(port) {
  const { user, password, database: schema } = ACCESS;
  const account = { MARIADB_DATABASE: schema, MARIADB_USER: user, MARIADB_PASSWORD: password };
  return {
    ...{ pod: "mariadb-0", service: "mariadb", image: MARIADB_IMAGE },
    env: { MARIADB_RANDOM_ROOT_PASSWORD: "1", ...account },
    options: ["--publish", `127.0.0.1:${port}:3306`],
  };
}

/** @param {string} pod @param {string[]} options @param {Record<string, string>} env @returns {PodSpec} */
export function node(pod, options, env) {
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
export function balancer(pod, image, options) {
  const account = { DB_HOST: "mariadb", DB_USER: ACCESS.user, DB_PASSWORD: ACCESS.password, DB_NAME: ACCESS.database };
  const identity = { UPTIME_KUMA_NODE_ID: pod, UPTIME_KUMA_NODE_HOST: pod, CLUSTER_SECRET: SECRET };
  // Nobody is there to ask for a rebalancing after the autoscaler has added a pod.
  const settings = { CLUSTER_NODE_COUNT: "2", REBALANCE_MIN_DIFF: "2", REBALANCE_QUIET_TIME: "5" };
  return {
    ...{ pod, service: "openresty", image, env: { ...account, ...identity, ...settings } },
    options: [...RESTRICTED, "--tmpfs", "/tmp", ...options],
  };
}

/** A pod that answers on port 8080. @param {string} pod @param {string} service @returns {PodSpec} */
export function target(pod, service) {
  return { pod, service, image: KUMA_IMAGE, options: ["--entrypoint", "node"], command: ["-e", TARGET] };
}
