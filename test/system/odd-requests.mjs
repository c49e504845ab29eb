// Requests that nobody should send, and some that everybody may, for the fuzz test. Equal seeds make equal requests.
import fc from "fast-check";

/** In answers of the load balancer it must only ever be text: never markup, never a header. */
export const MARKUP = "<script>odd()</script>";
export const HEADER = "X-Odd";

/**
 * @typedef {object} OddRequest
 * @property {string} from the client's address
 * @property {(Buffer | string)[]} parts what is sent
 * @property {boolean} isWhole false for what may leave the server waiting for more
 */

const MIB = 1 << 20;
const SECRET = "s3cret";

const NAMES = [
  ...["ping", "livez", "readyz", "health", "health-status", "capacity", "system-status", "node-status"],
  ...["load-balancer-status", "fault-detection-status", "rebalancing-status", "setup-status", "available-nodes"],
  ...["events", "fixed-node-status", "clear-fixed-node", "set-fixed-node", "trigger-rebalancing", "update-loads"],
  ...["force-rebalance-all", "debug-config", "debug-logs", "openapi.json", "metrics", "docs", "docs/docs.js"],
  ...["assets/page.css", "assets", "docs/", "", "trigger-health-check"],
];

const ODD_TEXTS = [
  ...[
    "",
    "node1",
    "node2",
    "1",
    "0",
    "-1",
    "4294967296",
    "99999999999999999999",
    "1e3",
    "0x10",
    "NaN",
    "{node}",
    "{id}",
  ],
  ...[
    "%00",
    "%0d%0aX-Odd:%201",
    "%0a",
    "%20",
    "%25",
    "%2e%2e",
    "..",
    ".",
    "%2f",
    "%3f",
    "%3Fx=1",
    "%23",
    "%ff",
    "%c3%28",
  ],
  ...[
    "%ff%fe",
    "%80",
    "%ed%a0%80",
    "%F0%9F%90%BB",
    "%e7%af%80%e9%bb%9e",
    "%",
    "%zz",
    "%u0041",
    "'%20OR%201=1%20--",
    "%22",
    "%5c",
    "\\",
    "*",
    "~",
  ],
  ...[encodeURIComponent(MARKUP), "node1%00", "node1;drop", "a=b", "a&b", "+", "node1/", "%E2%80%AE", "x".repeat(300)],
];

const oddText = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...ODD_TEXTS) },
  { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 20 }).map(encodeSafely) },
  { weight: 1, arbitrary: fc.nat({ max: 9000 }).map((length) => "y".repeat(length)) },
);

/** @param {string} text */
function encodeSafely(text) {
  return [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
}

const ownPath = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...NAMES) },
  { weight: 2, arbitrary: oddText.map((text) => `fixed-node/${text}`) },
  { weight: 2, arbitrary: oddText.map((text) => `monitors/${text}/explain`) },
  {
    weight: 1,
    arbitrary: fc.tuple(oddText, fc.constantFrom("drain", "ready")).map(([text, act]) => `nodes/${text}/${act}`),
  },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom(...NAMES), oddText).map(([name, text]) => `${name}/${text}`) },
  { weight: 1, arbitrary: oddText },
);

const path = fc.oneof(
  { weight: 10, arbitrary: ownPath.map((name) => `/lb/${name}`) },
  { weight: 3, arbitrary: ownPath.map((name) => `/api/${name}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("/lb", "//lb//health", "/lb/./health", "/x/../lb/health", "/LB/health", "/%6cb/health"),
  },
  { weight: 2, arbitrary: oddText.map((text) => `/${text}`) },
  { weight: 1, arbitrary: oddText.map((text) => `/api/push/${text}`) },
  { weight: 1, arbitrary: oddText.map((text) => `/socket.io/?sid=${text}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("/api/v1/watch", "/API/V1/Watch/", "/api/v1/reconcile-monitors", "/health", "/api/"),
  },
);

const query = fc.oneof(
  { weight: 4, arbitrary: fc.constant("") },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom("dry_run", "since", "limit", "sid", "x"), oddText)
      .map(([name, text]) => `?${name}=${text}`),
  },
  {
    weight: 1,
    arbitrary: fc
      .array(oddText, { maxLength: 40 })
      .map((texts) => `?${texts.map((text) => `limit=${text}`).join("&")}`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "?",
      "??",
      "?&&&",
      "?=",
      "?limit",
      "?limit=1&limit=2",
      "?dry_run=1",
      "?dry_run[]=1",
      "?since=0;limit=1",
    ),
  },
);

const method = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom("GET", "GET", "POST", "POST", "HEAD", "DELETE") },
  {
    weight: 1,
    arbitrary: fc.constantFrom("OPTIONS", "PATCH", "PROPFIND", "TRACE", "MKCOL", "FOO_BAR", "get", "G".repeat(70)),
  },
);

/** Text that a header can hold: no line ends, no NUL. */
const headerText = fc.oneof(
  { weight: 3, arbitrary: fc.string({ maxLength: 60 }) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 60 }).map((text) => text.replace(/[\r\n\0]/g, " ")) },
);
const address = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  headerText,
  fc.constantFrom("unknown", "127.0.0.1", "::1", "10.0.0.1:80", ",,,", ""),
);
/** The two that the load balancer reads, and Kuma's own; in any number, of any size that a header can have. */
const COOKIES = [
  "KUMA_FIXED_NODE",
  "kuma_node",
  "io",
  "token",
  "kuma_fixed_node",
  " KUMA_FIXED_NODE",
  "KUMA_FIXED_NODE ",
];
const NODE_VALUES = [
  ...[
    "node1",
    "node2",
    "node9",
    '"node1"',
    "node1,node2",
    "node1=node2",
    "node1 ",
    "NODE1",
    "node1.",
    ".node1",
    "%6eode1",
    "",
    "=",
    "\t",
  ],
  ...["node1\u0000".replace("\u0000", "%00"), "..", "'", '"', "\\", "x".repeat(4000), "x".repeat(15000)],
];
const cookiePair = fc
  .tuple(fc.constantFrom(...COOKIES), fc.oneof(fc.constantFrom(...NODE_VALUES), headerText))
  .map((pair) => pair.join("="));
const cookie = fc.oneof(
  fc.constantFrom(
    "KUMA_FIXED_NODE=node1",
    "KUMA_FIXED_NODE=node1; KUMA_FIXED_NODE=node2",
    "KUMA_FIXED_NODE=",
    "KUMA_FIXED_NODE",
    ";;;",
  ),
  oddText.map((text) => `KUMA_FIXED_NODE=${text}; kuma_node=${text}`),
  headerText.map((text) => `KUMA_FIXED_NODE=${text}`),
  fc
    .tuple(fc.array(cookiePair, { maxLength: 20 }), fc.constantFrom("; ", ";", ", ", "  ;  ", "&"))
    .map(([pairs, between]) => pairs.join(between)),
  fc
    .tuple(cookiePair, fc.integer({ min: 100, max: 1500 }))
    .map(([pair, count]) => `${pair}; `.repeat(count).slice(0, 15000)),
);

const header = fc.oneof(
  cookie.map((value) => ["Cookie", value]),
  fc.constantFrom("same-origin", "cross-site", "none", "", "odd").map((value) => ["Sec-Fetch-Site", value]),
  fc
    .constantFrom("http://127.0.0.1", "null", "http://evil.example", "://", "http://[::1]:x/")
    .map((value) => ["Origin", value]),
  fc
    .oneof(headerText, fc.constantFrom("zh-TW,zh;q=0.9", "en;q=zh", "*", "zh;q=1.2.3", "zh;q=", "q".repeat(4000)))
    .map((value) => ["Accept-Language", value]),
  fc
    .oneof(headerText, fc.constantFrom(`Bearer ${SECRET}`, "Bearer", "Bearer  ", "Basic Og==", "uk1_x"))
    .map((value) => ["Authorization", value]),
  fc
    .oneof({ weight: 3, arbitrary: fc.constant(SECRET) }, { weight: 1, arbitrary: headerText })
    .map((value) => ["X-Cluster-Secret", value]),
  fc.array(address, { maxLength: 5 }).map((list) => ["X-Forwarded-For", list.join(", ")]),
  fc.constantFrom("https", "http", "javascript", "").map((value) => ["X-Forwarded-Proto", value]),
  fc
    .constantFrom("application/json", "text/xml", "application/json; charset=latin1", "APPLICATION/JSON", "", "/")
    .map((value) => ["Content-Type", value]),
  fc.constantFrom("text/html", "application/json", "*/*", "odd").map((value) => ["Accept", value]),
  fc.constantFrom("bytes=0-1", "bytes=-1", "bytes=9999999-", "odd").map((value) => ["Range", value]),
  fc.constantFrom("gzip", "identity;q=0", "odd").map((value) => ["Accept-Encoding", value]),
  fc.tuple(
    fc.constantFrom(
      "X-Routed-To",
      "X-Cluster-Hop",
      "X-Real-IP",
      "Forwarded",
      "If-None-Match",
      "Upgrade-Insecure-Requests",
      "Expect",
    ),
    headerText,
  ),
);

const FIELDS = fc.oneof(
  fc.constantFrom("node1", "node2", "node9", 60, 604800, 31536001, -1, 1.5, null, true, "60"),
  fc.jsonValue({ maxDepth: 3 }),
  fc.double(),
);
const json = fc.oneof(
  fc.record({ node: FIELDS, expires: FIELDS }, { requiredKeys: [] }).map((value) => JSON.stringify(value)),
  fc.json({ maxDepth: 4 }),
  fc.constantFrom(
    "{",
    "[]",
    "null",
    '"x"',
    "",
    " ",
    "{}",
    '{"node":"node1","node":"node2"}',
    '{"node":"node1","expires":1e999}',
    '{"node":"\\ud800"}',
  ),
  fc.constantFrom(
    '{"node":"node1","expires":NaN}',
    '{"node":"node1","expires":0x3c}',
    "{'node':1}",
    '{"node":"node1"}x',
    "\ufeff{}",
  ),
  fc.nat({ max: 5000 }).map((depth) => "[".repeat(depth) + "]".repeat(depth)),
  fc.nat({ max: 5000 }).map((depth) => '{"node":'.repeat(depth) + "1" + "}".repeat(depth)),
);
const body = fc.oneof(
  { weight: 60, arbitrary: json.map((text) => Buffer.from(text)) },
  { weight: 20, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(MIB - 20, MIB - 1, MIB, MIB + 1, 2 * MIB)
      .map((size) => Buffer.from(`{"node":"node1","x":"${"z".repeat(size - 22)}"}`)),
  },
);

const address127 = fc
  .tuple(fc.integer({ min: 1, max: 254 }), fc.nat(255), fc.integer({ min: 1, max: 254 }))
  .map((parts) => `127.${parts.join(".")}`);

/** @param {Buffer} bytes */
function inChunks(bytes) {
  const half = bytes.length >> 1;
  const chunks = [bytes.subarray(0, half), bytes.subarray(half)].filter((chunk) => chunk.length > 0);
  return [...chunks.flatMap((chunk) => [`${chunk.length.toString(16)}\r\n`, chunk, "\r\n"]), "0\r\n\r\n"];
}

const sensible = fc
  .record({
    ...{ from: address127, method, path, query, headers: fc.array(header, { maxLength: 6 }) },
    body: fc.option(body, { freq: 2 }),
    isChunked: fc.boolean(),
    version: fc.constantFrom("1.1", "1.1", "1.1", "1.0"),
  })
  .map(({ from, method: verb, path: where, query: asked, headers, body: bytes, isChunked, version }) => {
    const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
    const chunked = isChunked && version === "1.1";
    const length =
      bytes === null ? "" : chunked ? "Transfer-Encoding: chunked\r\n" : `Content-Length: ${bytes.length}\r\n`;
    const head = `${verb} ${where}${asked} HTTP/${version}\r\nHost: 127.0.0.1\r\nConnection: close\r\n${lines}${length}\r\n`;
    const content = bytes === null ? [] : chunked ? inChunks(bytes) : [bytes];
    return { from, parts: [Buffer.from(head, "latin1"), ...content], isWhole: true };
  });

/** The same, by somebody who knows the secret and the methods: they get further. */
const informed = fc
  .record({ from: address127, path: ownPath, query, isPost: fc.boolean(), extra: header, body })
  .map(({ from, path: name, query: asked, isPost, extra, body: bytes }) => {
    const headers = `X-Cluster-Secret: ${SECRET}\r\n${extra.join(": ")}\r\nContent-Length: ${bytes.length}\r\n`;
    const head = `${isPost ? "POST" : "GET"} /lb/${name}${asked} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n${headers}\r\n`;
    return { from, parts: [Buffer.from(head, "latin1"), bytes], isWhole: true };
  });

const NONSENSE = [
  ...[
    "\r\n\r\n",
    "GET\r\n\r\n",
    "GET /lb/health\r\n\r\n",
    "GET /lb/health HTTP/9.9\r\nHost: x\r\n\r\n",
    "\0\0\0\0\r\n\r\n",
  ],
  ...[
    "GET /lb/\0 HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET /lb/health HTTP/1.1\r\n\r\n",
    "GET lb/health HTTP/1.1\r\nHost: x\r\n\r\n",
  ],
  ...["POST /lb/set-fixed-node HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"],
  ...[
    "POST /lb/set-fixed-node HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n{}",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  ],
  ...["POST /lb/set-fixed-node HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"],
  ...["POST /lb/set-fixed-node HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{}"],
  ...["POST /lb/set-fixed-node HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n{}"],
  ...["POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"],
  ...[
    "POST /lb/set-fixed-node HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n{",
    "GET /lb/ping HTTP/1.1\r\nHost: a b\r\n\r\n",
  ],
  ...[
    "GET http://elsewhere/lb/ping HTTP/1.1\r\nHost: x\r\n\r\n",
    "CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n",
    "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
  ],
  ...[
    "GET /lb/ping HTTP/1.1\r\nHost: x\r\n folded: y\r\n\r\n",
    `GET /lb/ping HTTP/1.1\r\nHost: x\r\nCookie: ${"k".repeat(70000)}\r\n\r\n`,
  ],
  ...[
    `GET /lb/${"p".repeat(20000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
    `GET /lb/ping HTTP/1.1\r\nHost: x\r\n${"A: b\r\n".repeat(3000)}\r\n`,
  ],
  ...[
    "GET /lb/ping HTTP/1.1\r\nHost: x\r\n\r\nGET /lb/livez HTTP/1.1\r\nHost: x\r\n\r\nGET /lb/nothing HTTP/1.1\r\nHost: x\r\n\r\n",
  ],
  ...[
    "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "GET /lb/ping HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n",
  ],
];
const nonsense = fc.record({
  from: address127,
  parts: fc.oneof(
    fc.constantFrom(...NONSENSE).map((text) => [Buffer.from(text, "latin1")]),
    fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => [Buffer.from(bytes)]),
  ),
  isWhole: fc.constant(false),
});

const anyRequest = fc.oneof(
  { weight: 25, arbitrary: sensible },
  { weight: 15, arbitrary: informed },
  { weight: 1, arbitrary: nonsense },
);

/** @param {number} count @param {number} seed @returns {OddRequest[]} */
export function oddRequests(count, seed) {
  return fc.sample(/** @type {fc.Arbitrary<OddRequest>} */ (anyRequest), { numRuns: count, seed });
}
