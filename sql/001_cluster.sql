-- The tables and columns that the cluster adds to Uptime Kuma's database. Every statement is idempotent. All sessions
-- that touch these tables run with time_zone = '+00:00', so a TIMESTAMP here is UTC by the database's own clock.

-- Each schema that was ever applied here, see version.json: a program whose own number is below oldest_compatible of the
-- newest row does not start. Release 0.1.0 has the number 1 and left no row.
CREATE TABLE IF NOT EXISTS cluster_schema (
  version INT UNSIGNED NOT NULL PRIMARY KEY,
  oldest_compatible INT UNSIGNED NOT NULL,
  applied_by VARCHAR(200) NOT NULL DEFAULT '',
  applied_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- One row for each exclusive role (boot of the nodes, leadership of the load balancers). The epoch grows with each new
-- holder, so that a write of an earlier holder can be told from one of the present holder.
CREATE TABLE IF NOT EXISTS cluster_lease (
  name VARCHAR(64) NOT NULL PRIMARY KEY,
  holder VARCHAR(100) NOT NULL DEFAULT '',
  session VARCHAR(64) NOT NULL DEFAULT '',
  epoch BIGINT UNSIGNED NOT NULL DEFAULT 0,
  renewed_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- The nodes. An agent writes last_seen and what it knows of itself; only a load balancer writes status, but that a
-- node is recovering when it registers and offline when it leaves.
-- drained_at is since when an operator wants it empty; it outlives restarts of the node.
CREATE TABLE IF NOT EXISTS node (
  node_id VARCHAR(50) NOT NULL PRIMARY KEY,
  node_name VARCHAR(100) NOT NULL DEFAULT '',
  host VARCHAR(255) NOT NULL DEFAULT '',
  status VARCHAR(16) NOT NULL DEFAULT 'recovering',
  is_primary TINYINT NOT NULL DEFAULT 0,
  region VARCHAR(64) NULL,
  weight SMALLINT UNSIGNED NOT NULL DEFAULT 100,
  version VARCHAR(64) NULL,
  last_seen TIMESTAMP(6) NULL DEFAULT NULL,
  last_error VARCHAR(500) NULL,
  status_since TIMESTAMP(6) NULL DEFAULT NULL,
  drained_at TIMESTAMP(6) NULL DEFAULT NULL,
  created_date TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  modified_date TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- A node table that somebody else made under the same name gets what it lacks.
ALTER TABLE node
  ADD COLUMN IF NOT EXISTS is_primary TINYINT NOT NULL DEFAULT 0,
  ADD COLUMN IF NOT EXISTS region VARCHAR(64) NULL,
  ADD COLUMN IF NOT EXISTS weight SMALLINT UNSIGNED NOT NULL DEFAULT 100,
  ADD COLUMN IF NOT EXISTS version VARCHAR(64) NULL,
  ADD COLUMN IF NOT EXISTS last_seen TIMESTAMP(6) NULL DEFAULT NULL,
  ADD COLUMN IF NOT EXISTS last_error VARCHAR(500) NULL,
  ADD COLUMN IF NOT EXISTS status_since TIMESTAMP(6) NULL DEFAULT NULL,
  ADD COLUMN IF NOT EXISTS boot_id VARCHAR(32) NULL,
  ADD COLUMN IF NOT EXISTS monitors_running INT UNSIGNED NOT NULL DEFAULT 0,
  ADD COLUMN IF NOT EXISTS agent_version VARCHAR(64) NULL,
  ADD COLUMN IF NOT EXISTS environment VARCHAR(16) NULL,
  ADD COLUMN IF NOT EXISTS drained_at TIMESTAMP(6) NULL DEFAULT NULL;

-- What happened, in order: status changes, moves, edits that other nodes must see.
CREATE TABLE IF NOT EXISTS cluster_event (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  type VARCHAR(40) NOT NULL,
  node_id VARCHAR(50) NULL,
  monitor_id INT UNSIGNED NULL,
  epoch BIGINT UNSIGNED NULL,
  actor VARCHAR(100) NOT NULL DEFAULT '',
  detail LONGTEXT NULL,
  KEY at (at),
  KEY type_at (type, at)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- What Uptime Kuma keeps as files, for the nodes that do not have them. mtime is in milliseconds since 1970.
CREATE TABLE IF NOT EXISTS cluster_file (
  name VARCHAR(191) NOT NULL PRIMARY KEY,
  mtime BIGINT UNSIGNED NOT NULL,
  data LONGBLOB NOT NULL
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- The monitors that never leave their home, whatever happens to it.
CREATE TABLE IF NOT EXISTS cluster_pin (
  monitor_id INT UNSIGNED NOT NULL PRIMARY KEY,
  pinned_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- What moves monitors: a fail-over, a recovery, a drain, a rebalancing. planned and moved are counts, gap_ms is the
-- longest time without a beat, of its rows in cluster_move.
CREATE TABLE IF NOT EXISTS cluster_operation (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  type VARCHAR(16) NOT NULL,
  node_id VARCHAR(50) NULL,
  status VARCHAR(12) NOT NULL DEFAULT 'requested',
  epoch BIGINT UNSIGNED NULL,
  actor VARCHAR(100) NOT NULL DEFAULT '',
  reason VARCHAR(500) NOT NULL DEFAULT '',
  planned INT UNSIGNED NOT NULL DEFAULT 0,
  moved INT UNSIGNED NOT NULL DEFAULT 0,
  gap_ms BIGINT UNSIGNED NULL,
  requested_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  started_at TIMESTAMP(6) NULL DEFAULT NULL,
  finished_at TIMESTAMP(6) NULL DEFAULT NULL,
  KEY status (status)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- Each move of a monitor, from the assignment to the first beat at the new node. state: waiting for that beat, beating,
-- late (none came in time), idle (none is to be expected), superseded (moved or paused since). Rows of heartbeat above beat_id
-- are those of the new node; seconds is the interval of the monitor.
CREATE TABLE IF NOT EXISTS cluster_move (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  operation BIGINT UNSIGNED NOT NULL,
  monitor_id INT UNSIGNED NOT NULL,
  from_node VARCHAR(50) NULL,
  to_node VARCHAR(50) NOT NULL,
  epoch BIGINT UNSIGNED NOT NULL,
  seconds INT UNSIGNED NOT NULL,
  state VARCHAR(12) NOT NULL DEFAULT 'waiting',
  moved_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  beat_id BIGINT UNSIGNED NOT NULL DEFAULT 0,
  last_beat DATETIME NULL DEFAULT NULL,
  first_beat DATETIME NULL DEFAULT NULL,
  KEY operation_state (operation, state),
  KEY monitor (monitor_id, id)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
