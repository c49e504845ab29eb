-- Generated from src-ts/settings.ts: edit that file, then run npm run build.
-- The settings, as a table; config reads their values.
local _M = {}
--- Every variable the load balancer knows. docs/configuration.md and nginx/conf.d/main.conf list the same names.
_M.SETTINGS = {
    {name = "DB_HOST", kind = "hosts", default = "mariadb"},
    {
        name = "DB_PORT",
        kind = "integer",
        default = 3306,
        min = 1,
        max = 65535
    },
    {name = "DB_USER", kind = "text", default = "kuma"},
    {name = "DB_PASSWORD", kind = "text", default = "", secret = true},
    {name = "DB_NAME", kind = "text", default = "kuma"},
    {
        name = "DB_TIMEOUT",
        kind = "integer",
        default = 5000,
        min = 100,
        max = 60000
    },
    {
        name = "DB_POOL_SIZE",
        kind = "integer",
        default = 10,
        min = 1,
        max = 1000
    },
    {name = "UPTIME_KUMA_NODE_ID", kind = "text", default = "nginx-node", alias = "UPTOP_NODE_ID"},
    {name = "UPTIME_KUMA_NODE_HOST", kind = "text", default = "127.0.0.1"},
    {
        name = "CLUSTER_NODE_COUNT",
        kind = "integer",
        default = 3,
        min = 1,
        max = 1000
    },
    {
        name = "MONITOR_LIMIT_PER_NODE",
        kind = "integer",
        default = 1000,
        min = 1,
        max = 1000000
    },
    {
        name = "HEALTH_CHECK_INTERVAL",
        kind = "integer",
        default = 30,
        min = 1,
        max = 3600
    },
    {
        name = "HEALTH_CHECK_TIMEOUT",
        kind = "integer",
        default = 5000,
        min = 100,
        max = 60000
    },
    {
        name = "HEALTH_CHECK_FAST_INTERVAL",
        kind = "integer",
        default = 1,
        min = 1,
        max = 60
    },
    {
        name = "HEALTH_CHECK_FALL",
        kind = "integer",
        default = 3,
        min = 1,
        max = 100
    },
    {
        name = "HEALTH_CHECK_RISE",
        kind = "integer",
        default = 3,
        min = 1,
        max = 100
    },
    {
        name = "LOAD_UPDATE_INTERVAL",
        kind = "integer",
        default = 30,
        min = 1,
        max = 3600
    },
    {
        name = "FAULT_SCAN_INTERVAL",
        kind = "integer",
        default = 10,
        min = 1,
        max = 3600
    },
    {
        name = "HEARTBEAT_INTERVAL",
        kind = "integer",
        default = 60,
        min = 1,
        max = 3600
    },
    {
        name = "FAILOVER_CHECK_INTERVAL",
        kind = "integer",
        default = 60,
        min = 1,
        max = 3600
    },
    {
        name = "NODE_DISCOVERY_INTERVAL",
        kind = "integer",
        default = 10,
        min = 1,
        max = 3600
    },
    {
        name = "NODE_OFFLINE_AFTER",
        kind = "integer",
        default = 90,
        min = 5,
        max = 86400
    },
    {
        name = "ROUTING_SNAPSHOT_TTL",
        kind = "integer",
        default = 2,
        min = 0,
        max = 60
    },
    {name = "DNS_RESOLVER", kind = "name_servers", default = ""},
    {
        name = "REBALANCE_BATCH",
        kind = "integer",
        default = 50,
        min = 1,
        max = 100000
    },
    {
        name = "REBALANCE_MIN_DIFF",
        kind = "integer",
        default = 10,
        min = 1,
        max = 1000000
    },
    {
        name = "REBALANCE_FACTOR",
        kind = "integer",
        default = 2,
        min = 1,
        max = 100
    },
    {
        name = "REBALANCE_QUIET_TIME",
        kind = "integer",
        default = 60,
        min = 0,
        max = 86400
    },
    {
        name = "NODE_FORGET_AFTER",
        kind = "integer",
        default = 0,
        min = 0,
        max = 31536000
    },
    {
        name = "CLUSTER_MODE",
        kind = "word",
        default = "leader",
        words = {"leader", "follower", "probe"},
        alias = "UPTOP_CLUSTER_MODE"
    },
    {name = "CLUSTER_PEER_URL", kind = "text", default = "", alias = "UPTOP_PEER_URL"},
    {name = "NODE_REGION", kind = "name", default = "", alias = "UPTOP_NODE_REGION"},
    {name = "NODE_NAME", kind = "line", default = "", alias = "UPTOP_NODE_NAME"},
    {name = "PROBE_WITNESS", kind = "text", default = ""},
    {
        name = "AGG_STRATEGY",
        kind = "word",
        default = "any-down",
        words = {"any-down", "majority-down", "all-down"},
        alias = "UPTOP_AGG_STRATEGY"
    },
    {name = "NODE_STRATEGY", kind = "word", default = "majority-down", words = {"any-down", "majority-down", "all-down"}},
    {
        name = "PEER_CHECK_INTERVAL",
        kind = "integer",
        default = 5,
        min = 1,
        max = 300
    },
    {
        name = "PEER_CHECK_FALL",
        kind = "integer",
        default = 3,
        min = 1,
        max = 100
    },
    {
        name = "PEER_CHECK_RISE",
        kind = "integer",
        default = 3,
        min = 1,
        max = 100
    },
    {
        name = "CLUSTER_SECRET",
        kind = "text",
        default = "",
        secret = true,
        alias = "UPTOP_CLUSTER_SECRET"
    },
    {name = "CLUSTER_SECRET_PREVIOUS", kind = "text", default = "", secret = true},
    {name = "LB_STATUS_PUBLIC", kind = "word", default = "true", words = {"true", "false"}},
    {name = "LB_TRUSTED_PROXIES", kind = "text", default = ""},
    {name = "NODE_BADGE", kind = "word", default = "true", words = {"true", "false"}},
    {name = "LOG_LEVEL", kind = "word", default = "info", words = {"debug", "info", "warn", "error"}},
    {name = "LOG_FORMAT", kind = "word", default = "text", words = {"text", "json"}}
}
return _M
