-- Who runs a monitor. The columns are INVISIBLE, so that Uptime Kuma's SELECT * never reads them and its whole-row
-- stores never write them back. cluster_mtime moves with any change of the row, whoever makes it. Node ids compare byte
-- for byte here and in the table node, whatever the database's default collation is.
ALTER TABLE monitor
  ADD COLUMN IF NOT EXISTS node_id VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL INVISIBLE,
  ADD COLUMN IF NOT EXISTS assigned_node VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL INVISIBLE,
  ADD COLUMN IF NOT EXISTS owner_node VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
    AS (COALESCE(assigned_node, node_id)) STORED INVISIBLE,
  ADD COLUMN IF NOT EXISTS cluster_mtime TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)
    ON UPDATE CURRENT_TIMESTAMP(6) INVISIBLE,
  DROP INDEX IF EXISTS cluster_owner,
  ADD INDEX IF NOT EXISTS cluster_load (owner_node, active, `interval`),
  ADD INDEX IF NOT EXISTS cluster_mtime (cluster_mtime);
