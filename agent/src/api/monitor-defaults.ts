/* What Uptime Kuma's web page fills in before it sends a new monitor. Pure. */
import { columnOf, type Columns, type Fields } from "./monitor-fields";

/** From src/pages/EditMonitor.vue of 2.5.3. A version without the column of one is not sent it. */
const DEFAULTS: Fields = {
    parent: null,
    wsSubprotocol: "",
    method: "GET",
    protocol: null,
    location: "world",
    ipFamily: null,
    interval: 60,
    resendInterval: 0,
    maxretries: 0,
    retryOnlyOnStatusCodeFailure: false,
    ignoreTls: false,
    upsideDown: false,
    expiryNotification: false,
    domainExpiryNotification: true,
    maxredirects: 10,
    accepted_statuscodes: ["200-299"],
    saveResponse: false,
    saveErrorResponse: true,
    responseMaxLength: 1024,
    dns_resolve_type: "A",
    dns_resolve_server: "",
    docker_container: "",
    docker_host: null,
    proxyId: null,
    basic_auth_user: "",
    basic_auth_pass: "",
    bearer_token: "",
    mqttUsername: "",
    mqttPassword: "",
    mqttTopic: "",
    mqttWebsocketPath: "",
    mqttSuccessMessage: "",
    mqttCheckType: "keyword",
    authMethod: null,
    oauth_auth_method: "client_secret_basic",
    httpBodyEncoding: null,
    kafkaProducerBrokers: [],
    kafkaProducerSaslOptions: { mechanism: "None" },
    cacheBust: false,
    kafkaProducerSsl: false,
    kafkaProducerAllowAutoTopicCreation: false,
    gamedigGivenPortOnly: true,
    gamedigToken: "",
    remote_browser: null,
    screenshot_delay: 0,
    rabbitmqNodes: [],
    rabbitmqUsername: "",
    rabbitmqPassword: "",
    conditions: [],
    system_service_name: "",
    ntpStratumThreshold: 5,
    ntpTimeOffsetThreshold: 1000,
    ntpRootDispersionThreshold: 500,
    ping_count: 3,
    ping_numeric: true,
    packetSize: 56,
    ping_per_request_timeout: 2,
    snmpVersion: "2c",
    jsonPath: "$",
    jsonPathOperator: "==",
    port: null,
    timeout: 48,
};

const HTTP: Fields = { httpBodyEncoding: "json" };

/** What is another default for monitors of one type. */
const BY_TYPE: Readonly<Record<string, Fields | undefined>> = {
    http: HTTP,
    keyword: HTTP,
    "json-query": HTTP,
    "websocket-upgrade": { accepted_statuscodes: ["1000"] },
    dns: { dns_resolve_server: "1.1.1.1", port: 53 },
    radius: { port: 1812 },
    snmp: { port: 161, timeout: 5 },
    ntp: { port: 123, interval: 300 },
    globalping: { subtype: "ping", protocol: "ICMP", port: 80 },
    ping: { timeout: 10 },
    "kafka-producer": { timeout: 1 },
};

/** The names under which Kuma's web page sends the fields of a new monitor. */
export const FIELD_NAMES: readonly string[] = [...Object.keys(DEFAULTS), "retryInterval", "pushToken"];

/** The longest timeout that the web page allows: four fifths of the interval, to a tenth of a second. */
function longestTimeout(intervalSeconds: number): number {
    return Math.trunc(intervalSeconds * 8) / 10;
}

/**
 * The fields of a new monitor that the client did not give. `newToken` makes a secret of so many characters, with which
 * a push monitor is called.
 */
export function defaultsFor(
    given: Fields,
    columns: Columns,
    newToken: (length: number) => string,
): Record<string, unknown> {
    const type = String(given["type"]);
    const fields: Record<string, unknown> = { ...DEFAULTS, ...BY_TYPE[type] };
    const wanted = Number(given["interval"]);
    const interval = Number.isFinite(wanted) ? wanted : Number(fields["interval"]);
    fields["retryInterval"] = interval;
    if (type !== "ping") fields["timeout"] = Math.min(Number(fields["timeout"]), longestTimeout(interval));
    if (type === "push") fields["pushToken"] = newToken(Math.min(32, columns.get("push_token")?.longest ?? 32));
    const isMissing = (name: string): boolean => given[name] === undefined;
    const isColumn = (name: string): boolean => name === "accepted_statuscodes" || columns.has(columnOf(name));
    return Object.fromEntries(Object.entries(fields).filter(([name]) => isMissing(name) && isColumn(name)));
}
