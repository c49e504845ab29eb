// A database user for each part of the cluster, so that every row tells who wrote it.
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** The database that Uptime Kuma uses. */
const DATABASE = "kuma";
const ADMIN = "chaos";
const NODES = 5;

/** Everybody who has a user; nodes beyond the third are for scenarios that add some. */
export const PARTS = ["lb1", "lb2", ...Array.from({ length: NODES }, (_, index) => `node${index + 1}`)];

/**
 * Settings of a cluster in `data` whose parts log in under their names. None of them may write while the database is
 * read-only.
 * @param {string} data
 * @param {number} dbPort
 * @param {(part: string) => number} [portOf] where a part reaches the database, if by a proxy
 */
export function accountSettings(data, dbPort, portOf = () => dbPort) {
  const password = randomBytes(12).toString("hex");
  const file = join(data, "accounts.sql");
  writeFileSync(file, statements(password), { mode: 0o600 });
  const access = (/** @type {string} */ part) => ({ user: part, password, port: portOf(part) });
  const secret = { CLUSTER_SECRET: randomBytes(12).toString("hex") };
  /** The environment of a load balancer. @param {string} name */
  const balancerEnv = (name) => {
    const { user, port } = access(name);
    return { ...secret, UPTIME_KUMA_NODE_ID: name, DB_USER: user, DB_PASSWORD: password, DB_PORT: String(port) };
  };
  return {
    settings: {
      ...{ data, dbPort, dbOptions: [`--init-file=${file}`] },
      ...{ nodeDatabase: access, nodeEnv: secret, lbEnv: balancerEnv("lb1") },
    },
    balancerEnv,
    /** A user who may do everything. */
    admin: { host: "127.0.0.1", port: dbPort, user: ADMIN, password },
  };
}

/** What the database runs as it starts, one statement a line. @param {string} password */
function statements(password) {
  const create = (/** @type {string} */ name) => `CREATE USER IF NOT EXISTS '${name}'@'%' IDENTIFIED BY '${password}';`;
  const lines = PARTS.flatMap((part) => [create(part), `GRANT ALL PRIVILEGES ON ${DATABASE}.* TO '${part}'@'%';`]);
  return [...lines, create(ADMIN), `GRANT ALL PRIVILEGES ON *.* TO '${ADMIN}'@'%';`, ""].join("\n");
}
