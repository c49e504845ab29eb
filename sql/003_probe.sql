-- Checks from several places. A probe is a process elsewhere that runs checks; session and last_seq tell a result that is
-- sent twice from a new one.
CREATE TABLE IF NOT EXISTS probe (
  probe_id VARCHAR(64) NOT NULL PRIMARY KEY,
  name VARCHAR(100) NOT NULL DEFAULT '',
  region VARCHAR(64) NOT NULL DEFAULT '',
  version VARCHAR(64) NOT NULL DEFAULT '',
  session VARCHAR(64) NOT NULL DEFAULT '',
  last_seq BIGINT UNSIGNED NOT NULL DEFAULT 0,
  registered_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  last_seen TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- What probes check. regions is a JSON list, NULL means all; strategy NULL means AGG_STRATEGY. The verdict goes to
-- Uptime Kuma as beats of the push monitor monitor_id.
CREATE TABLE IF NOT EXISTS probe_check (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  name VARCHAR(150) NOT NULL,
  kind VARCHAR(8) NOT NULL,
  target LONGTEXT NOT NULL,
  seconds INT UNSIGNED NOT NULL,
  timeout_ms INT UNSIGNED NOT NULL,
  regions VARCHAR(4000) NULL,
  strategy VARCHAR(16) NULL,
  quorum INT UNSIGNED NULL,
  active TINYINT NOT NULL DEFAULT 1,
  monitor_id INT UNSIGNED NULL,
  verdict VARCHAR(8) NOT NULL DEFAULT 'unknown',
  verdict_since TIMESTAMP(6) NULL DEFAULT NULL,
  verdict_message VARCHAR(500) NOT NULL DEFAULT '',
  created_date TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  modified_date TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- The latest result of each probe for each check.
CREATE TABLE IF NOT EXISTS probe_vote (
  check_id INT UNSIGNED NOT NULL,
  probe_id VARCHAR(64) NOT NULL,
  at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  status VARCHAR(8) NOT NULL,
  ping_ms INT UNSIGNED NULL,
  message VARCHAR(300) NOT NULL DEFAULT '',
  PRIMARY KEY (check_id, probe_id)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- All results of the last hours.
CREATE TABLE IF NOT EXISTS probe_result (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  check_id INT UNSIGNED NOT NULL,
  probe_id VARCHAR(64) NOT NULL,
  at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  received_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  status VARCHAR(8) NOT NULL,
  ping_ms INT UNSIGNED NULL,
  message VARCHAR(300) NOT NULL DEFAULT '',
  KEY by_check (check_id, at),
  KEY received_at (received_at)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- What each probe said last of the cluster's own nodes; reached_at is when it last reached the node.
CREATE TABLE IF NOT EXISTS probe_node_vote (
  node_id VARCHAR(50) NOT NULL,
  probe_id VARCHAR(64) NOT NULL,
  at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  reached_at TIMESTAMP(6) NULL DEFAULT NULL,
  status VARCHAR(8) NOT NULL,
  message VARCHAR(300) NOT NULL DEFAULT '',
  PRIMARY KEY (node_id, probe_id)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
