/* The bodies of the API in JSON Schema, for openapi.json. */

const TEXT = { type: "string" };
const NUMBER = { type: "integer" };
const FLAG = { type: "boolean" };
const TEXT_OR_NULL = { type: ["string", "null"] };
const NUMBER_OR_NULL = { type: ["integer", "null"] };
const TIME = { type: "string", format: "date-time" };
const TIME_OR_NULL = { type: ["string", "null"], format: "date-time" };
const IDS = { type: "array", items: NUMBER };

function object(properties: object, required: readonly string[] = Object.keys(properties)): object {
    return { type: "object", properties, required };
}

function list(name: string, items: string, page: object): object {
    return object({ [name]: { type: "array", items: { $ref: `#/components/schemas/${items}` } }, ...page });
}

const PAGE = { total: NUMBER, limit: NUMBER, offset: NUMBER, next_offset: NUMBER_OR_NULL };
const PLACEMENT = { node_id: TEXT_OR_NULL, assigned_node: TEXT_OR_NULL, owner_node: TEXT_OR_NULL };
const PIN = { pinned: { ...FLAG, description: "it never leaves its home" } };
const PLACED = [...Object.keys(PLACEMENT), ...Object.keys(PIN)];

/** What most monitors have; the rest depends on the type and on the version of Uptime Kuma. */
const FIELDS = {
    type: TEXT,
    name: TEXT,
    description: TEXT_OR_NULL,
    parent: { ...NUMBER_OR_NULL, description: "the group that it is in" },
    active: FLAG,
    url: TEXT_OR_NULL,
    hostname: TEXT_OR_NULL,
    port: NUMBER_OR_NULL,
    interval: { ...NUMBER, description: "seconds between two checks" },
    retryInterval: { ...NUMBER, description: "seconds between two checks of one that fails" },
    maxretries: { ...NUMBER, description: "failed checks before it counts as down" },
    timeout: { type: ["number", "null"], description: "seconds" },
    accepted_statuscodes: { type: "array", items: TEXT },
    notificationIDList: { description: "the ids of its notifications with true; a list of ids may be sent" },
    tags: {
        type: "array",
        items: object({ tag_id: NUMBER, name: TEXT, value: TEXT_OR_NULL }, []),
        description: "a tag is named by tag_id or name",
    },
};

const MORE = { additionalProperties: true, description: "and whatever else Uptime Kuma has for the type" };

export const SCHEMAS = {
    Error: object({ error: TEXT, message: TEXT, fields: { type: "array", items: TEXT } }, ["error", "message"]),
    Health: { ...object({ status: TEXT, node_id: TEXT, version: TEXT, db: TEXT }), additionalProperties: true },
    Readiness: object({ ready: FLAG, status: TEXT, reason: TEXT }, ["ready", "status"]),
    Tick: object({ tick: NUMBER, node_id: TEXT, boot_id: TEXT, status: TEXT, reason: TEXT }, [
        "tick",
        "node_id",
        "status",
    ]),
    Monitor: { ...object({ id: NUMBER, ...FIELDS, ...PLACEMENT, ...PIN }, ["id", "type", ...PLACED]), ...MORE },
    NewMonitor: { ...object(FIELDS, ["type", "name"]), ...MORE },
    MonitorFields: { ...object(FIELDS, []), ...MORE },
    MonitorList: list("monitors", "Monitor", PAGE),
    Deleted: object({ id: NUMBER, deleted: FLAG }),
    Heartbeat: object({
        ...{ id: NUMBER, monitor_id: NUMBER, msg: TEXT_OR_NULL, ping: NUMBER_OR_NULL, important: FLAG, time: TIME },
        status: { ...NUMBER, description: "0 down, 1 up, 2 pending, 3 maintenance" },
        duration: { ...NUMBER, description: "seconds since the one before" },
        down_count: NUMBER,
    }),
    HeartbeatList: list("heartbeats", "Heartbeat", { limit: NUMBER, next_before: NUMBER_OR_NULL }),
    Assignment: object({ node_id: TEXT }),
    Node: object({
        ...{ node_id: TEXT, node_name: TEXT, host: TEXT, status: TEXT, is_primary: FLAG, region: TEXT_OR_NULL },
        ...{ version: TEXT_OR_NULL, last_seen: TIME_OR_NULL, monitors_assigned: NUMBER, monitors_active: NUMBER },
        this: { ...FLAG, description: "this node has answered" },
    }),
    NodeList: list("nodes", "Node", {}),
    Notification: object({ id: NUMBER, name: TEXT_OR_NULL, type: TEXT_OR_NULL, active: FLAG, isDefault: FLAG }),
    NotificationList: list("notifications", "Notification", PAGE),
    StatusPage: object({ id: NUMBER, slug: TEXT, title: TEXT, description: TEXT_OR_NULL, published: FLAG }),
    StatusPageList: list("status_pages", "StatusPage", PAGE),
    Group: object({
        id: NUMBER,
        name: TEXT_OR_NULL,
        active: FLAG,
        parent: NUMBER_OR_NULL,
        children: IDS,
        ...PLACEMENT,
    }),
    GroupList: list("groups", "Group", PAGE),
    Reconciliation: object({
        ...{ node_id: TEXT, monitors_assigned: NUMBER, monitors_running: NUMBER },
        ...{ monitors_stopped: NUMBER, monitors_to_start: NUMBER },
    }),
};

export type SchemaName = keyof typeof SCHEMAS;
