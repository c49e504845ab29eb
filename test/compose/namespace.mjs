// Containers that are to the software what the pods of a Kubernetes namespace are: the agent comes from an init container, the
// load balancer writes to an emptyDir, and a pod that is deleted comes back under its name, with another address if need be.
import { randomBytes } from "node:crypto";
import { createPool } from "mysql2/promise";
import { freePort } from "../../local/ports.mjs";
import { waitFor } from "../../local/processes.mjs";
import { docker } from "./engine.mjs";
import { ACCESS, COPIES, balancer, database, node, podOptions, target } from "./pod-specs.mjs";

/** Seconds between the signal that ends a container and SIGKILL: terminationGracePeriodSeconds. */
const GRACE_S = 60;

/** An emptyDir belongs to root and is open to all; a volume would get the owner that the image gives the folder. */
const AS_EMPTY_DIR = ["sh", "-c", "chown root:root /dir && chmod 777 /dir && touch /dir/.keep"];

/** @typedef {ReturnType<typeof newNamespace>} Namespace */

/** Nothing is started yet. */
export function newNamespace() {
  const name = `kt-${randomBytes(4).toString("hex")}`;
  const image = `${name}/openresty`;
  const volumes = new Set();
  /** @type {import("mysql2/promise").Pool | undefined} */
  let pool;
  const container = (/** @type {string} */ pod) => `${name}-${pod}`;
  const run = (/** @type {import("./pod-specs.mjs").PodSpec} */ spec) =>
    docker(["run", "--detach", "--name", container(spec.pod), ...podOptions(name, spec)]);
  return {
    container,
    /** Builds the image, and starts a database and something to be monitored. */
    open: async () => {
      await docker(["build", "-f", "Dockerfile.openresty", "-t", image, "."]);
      await docker(["network", "create", name]);
      const port = await freePort();
      await run(database(port));
      await run(target("target-0", "target"));
      const connected = () => docker(["exec", container("mariadb-0"), "healthcheck.sh", "--connect"]).then(() => true);
      await waitFor(connected, { what: "MariaDB", timeoutMs: 300000, everyMs: 500 });
      pool = createPool({ ...ACCESS, host: "127.0.0.1", port, connectionLimit: 2, timezone: "Z" });
    },
    /** Another pod, which has nothing to do with the cluster. @param {string} pod */
    startBystander: (pod) => run(target(pod, "bystander")),
    /** @param {string} pod */
    remove: (pod) => docker(["rm", "--force", "--volumes", container(pod)]),
    /** @param {string} text @returns {Promise<any[]>} the rows */
    sql: async (text) => /** @type {any[]} */ ((await pool?.query(text))?.[0] ?? []),
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
      await pool?.end();
      const left = await docker(["ps", "--all", "--quiet", "--filter", `network=${name}`]);
      if (left !== "") await docker(["rm", "--force", "--volumes", ...left.split("\n")]);
      if (volumes.size > 0) await docker(["volume", "rm", "--force", ...volumes]);
      await docker(["network", "rm", name]).catch(() => {});
      await docker(["image", "rm", "--force", image]);
    },
  };
}
