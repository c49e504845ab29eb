import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../..", import.meta.url));

/** As much of Uptime Kuma's tables as the load balancer reads. */
export const KUMA_TABLES = `
  CREATE TABLE user (id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, username VARCHAR(255) NOT NULL UNIQUE);
  CREATE TABLE setting (id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, \`key\` VARCHAR(200) NOT NULL UNIQUE,
    value TEXT, type VARCHAR(20));
  CREATE TABLE monitor (id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, name VARCHAR(150) NULL,
    active BOOLEAN NOT NULL DEFAULT 1, user_id INT UNSIGNED NULL, \`interval\` INT NOT NULL DEFAULT 20, retry_interval INT NOT NULL DEFAULT 20,
    url TEXT NULL, type VARCHAR(20) NULL, push_token VARCHAR(32) NULL);
  CREATE TABLE heartbeat (id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, important BOOLEAN NOT NULL DEFAULT 0,
    monitor_id INT UNSIGNED NOT NULL, status SMALLINT NOT NULL, msg TEXT NULL, time DATETIME NOT NULL, ping INT NULL,
    duration INT NOT NULL DEFAULT 0, KEY monitor_id (monitor_id), KEY monitor_time_index (monitor_id, time));`;

/** The statements of sql/ as the agent runs them. */
export function clusterTables() {
  const names = readdirSync(join(repository, "sql")).sort();
  const files = names.filter((name) => name.endsWith(".sql"));
  return files.map((file) => readFileSync(join(repository, "sql", file), "utf8")).join("\n");
}
