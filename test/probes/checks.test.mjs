import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { waitFor } from "../../local/processes.mjs";
import { startLeader, startProbe } from "./harness.mjs";
import { startTargets } from "./targets.mjs";

/** @type {Awaited<ReturnType<typeof startTargets>>} */
let targets;
/** @type {import("./harness.mjs").FakeLeader} */
let leader;
/** @type {import("./harness.mjs").Probe} */
let probe;
/** @type {string} */
let dir;
let lastId = 0;

before(async () => {
  dir = mkdtempSync(join(tmpdir(), "kt-"));
  targets = await startTargets(dir);
  leader = await startLeader();
  const env = { DNS_RESOLVER: `127.0.0.1:${targets.ports.dns}` };
  probe = await startProbe({ peers: leader.url, env, trusted: targets.trusted });
});
after(async () => {
  await probe?.close();
  await leader?.close();
  targets?.close();
  rmSync(dir, { recursive: true, force: true });
});

/**
 * Has each target checked and compares what comes of it.
 * @param {string} kind @param {[target: object, status: "up" | "down", message: string | RegExp, timeoutMs?: number][]} cases
 */
async function check(kind, cases) {
  const checks = cases.map(([target, , , timeout_ms = 5000]) => ({
    id: ++lastId,
    kind,
    target,
    interval: 2,
    timeout_ms,
  }));
  leader.assign(checks);
  for (const [index, [target, status, message]] of cases.entries()) {
    const id = checks[index]?.id ?? 0;
    const result = () => leader.resultsOf(id)[0];
    const found = await waitFor(result, { what: `a result for ${JSON.stringify(target)}`, timeoutMs: 20000 });
    const said = `${JSON.stringify(target)}: ${found.status} ${found.message}`;
    assert.equal(found.status, status, said);
    if (typeof message === "string") assert.equal(found.message, message, said);
    else assert.match(found.message, message, said);
    assert.equal(found.ping_ms !== undefined, status === "up", said);
  }
  leader.assign([]);
}

test("statuses are compared with what is expected, and bodies of every framing are read", async () => {
  const url = `http://127.0.0.1:${targets.ports.http}`;
  const raw = `http://127.0.0.1:${targets.ports.raw}`;
  await check("http", [
    [{ url: `${url}/text/x` }, "up", "answered 200"],
    [{ url: `${url}/status/503` }, "down", "answered 503, wanted 200-299"],
    [{ url: `${url}/status/503`, expected_status: "200-299,500-599" }, "up", "answered 503"],
    [{ url: `${url}/status/204`, method: "HEAD" }, "up", "answered 204"],
    [{ url: `${url}/length`, keyword: "hello" }, "up", "answered 200"],
    [{ url: `${url}/chunks`, keyword: "hello world" }, "up", "answered 200"],
    [{ url: `${raw}/close`, keyword: "until the end" }, "up", "answered 200"],
    [{ url: `${raw}/hints`, keyword: "hello" }, "up", "answered 200"],
    [{ url: `${url}/length`, keyword: "bye" }, "down", 'the keyword "bye" is not in the body'],
    [{ url: `${url}/length`, keyword: "hello", invert_keyword: true }, "down", 'the keyword "hello" is in the body'],
    [{ url: `${url}/length`, keyword: "bye", invert_keyword: true }, "up", "answered 200"],
    [{ url: `${url}/big`, keyword: "keyword" }, "down", 'the keyword "keyword" is not in the first MiB of the body'],
    [{ url: `${url}/big` }, "up", "answered 200"],
    [{ url: `${url}/gzip`, keyword: "x" }, "down", "cannot look for the keyword: the body is compressed (gzip)"],
    [{ url: `${raw}/garbage` }, "down", "not an HTTP answer"],
    [{ url: `${raw}/early` }, "down", "the answer ends early"],
    [{ url: `${raw}/badchunk` }, "down", "the answer has a wrong chunk"],
    [{ url: `${raw}/nothing` }, "down", /^(closed|connection reset by peer)$/],
    [{ url: `http://127.0.0.1:${targets.ports.closed}/` }, "down", "connection refused"],
    [{ url: `${url}/hang` }, "down", "timeout after 300 ms", 300],
    [{ url: "http://nowhere.test/" }, "down", "cannot resolve nowhere.test: nowhere.test does not exist"],
  ]);
});

test("method, headers and body are sent as they are given, and nothing that the check did not say", async () => {
  const url = `http://127.0.0.1:${targets.ports.http}/echo`;
  const headers = { "X-Test": "1", "user-agent": "mine", "Content-Length": "99" };
  await check("http", [[{ url, method: "PUT", headers, body: "hello", keyword: "PUT hello" }, "up", "answered 200"]]);
  const request = targets.seen.find((one) => one.method === "PUT");
  assert.equal(request?.body, "hello");
  assert.deepEqual(request.headers, {
    ...{ "x-test": "1", "user-agent": "mine", "content-length": "5", "accept-encoding": "identity", accept: "*/*" },
    ...{ host: `127.0.0.1:${targets.ports.http}`, connection: "close" },
  });
});

test("redirects are followed as far as they may be", async () => {
  const url = `http://127.0.0.1:${targets.ports.http}`;
  await check("http", [
    [{ url: `${url}/hops/3`, keyword: "end" }, "up", "answered 200"],
    [{ url: `${url}/relative/x`, keyword: "relative" }, "up", "answered 200"],
    [{ url: `${url}/secure`, keyword: "secure" }, "up", "answered 200"],
    [{ url: `${url}/hops/3`, max_redirects: 4 }, "up", "answered 200"],
    [{ url: `${url}/hops/3`, max_redirects: 3 }, "down", "more than 3 redirects"],
    [{ url: `${url}/hops/3`, max_redirects: 0 }, "down", "answered 302, wanted 200-299"],
    [{ url: `${url}/hops/3`, max_redirects: 0, expected_status: "302" }, "up", "answered 302"],
    [{ url: `${url}/circle` }, "down", `redirects in a circle, back to ${url}/circle`],
    [{ url: `${url}/elsewhere` }, "down", "answered 302 to ftp://localhost/, which is no http or https URL"],
    [{ url: `${url}/see`, method: "POST", body: "x", keyword: "GET " }, "up", "answered 200"],
  ]);
  const secrets = { Authorization: "Bearer x", "X-Other": "1" };
  await check("http", [[{ url: `${url}/secure?auth`, headers: secrets }, "up", "answered 200"]]);
  const [first, second] = targets.seen.slice(-2);
  assert.deepEqual([first?.headers.authorization, second?.headers.authorization], ["Bearer x", undefined]);
  assert.equal(second?.headers["x-other"], "1");
});

test("certificates are looked at: who vouches for them, for whom they are, when they end", async () => {
  const { https, ending, expired, wrongName, http } = targets.ports;
  await check("http", [
    [{ url: `https://localhost:${https}/` }, "up", "answered 200"],
    [{ url: `https://127.0.0.1:${https}/` }, "up", "answered 200"],
    [
      { url: `https://localhost:${https}/`, min_tls_days: 14 },
      "up",
      /^answered 200, the certificate ends in (49|50) days$/,
    ],
    [{ url: `https://localhost:${ending}/` }, "up", "answered 200"],
    [{ url: `https://localhost:${ending}/`, min_tls_days: 14 }, "down", /^the certificate ends in [23] days$/],
    [{ url: `https://localhost:${expired}/` }, "down", "TLS: certificate has expired"],
    [{ url: `https://localhost:${expired}/`, ignore_tls: true }, "up", "answered 200"],
    [
      { url: `https://localhost:${expired}/`, ignore_tls: true, min_tls_days: 0 },
      "down",
      "the certificate ended 1 day ago",
    ],
    [{ url: `https://localhost:${wrongName}/` }, "down", "TLS: certificate host mismatch"],
    [{ url: `https://127.0.0.1:${wrongName}/` }, "down", "TLS: certificate host mismatch"],
    [{ url: `https://localhost:${wrongName}/`, ignore_tls: true }, "up", "answered 200"],
    [{ url: `https://localhost:${http}/` }, "down", "TLS: handshake failed"],
    [{ url: `http://localhost:${http}/`, min_tls_days: 14 }, "up", "answered 200"],
  ]);
});

test("ports are connected to", async () => {
  targets.dns.dns_set({ name: "raw.test", type: "A", values: ["127.0.0.1"], ttl: 60 });
  await check("tcp", [
    [{ host: "127.0.0.1", port: targets.ports.raw }, "up", "connected"],
    [{ host: "raw.test", port: targets.ports.raw }, "up", "connected"],
    [{ host: "127.0.0.1", port: targets.ports.closed }, "down", "connection refused"],
    [{ host: "nowhere.test", port: 1 }, "down", "cannot resolve nowhere.test: nowhere.test does not exist"],
  ]);
});

test("names are asked for", async () => {
  const set = (/** @type {string} */ type, /** @type {string[]} */ values) =>
    targets.dns.dns_set({ name: "all.test", type, values, ttl: 60 });
  set("A", ["192.0.2.1", "192.0.2.2"]);
  set("AAAA", ["2001:db8:0:0:0:0:0:1"]);
  set("MX", ["10 mail.all.test"]);
  set("NS", ["ns1.all.test"]);
  set("TXT", ["v=spf1 -all"]);
  targets.dns.dns_set({ name: "alias.test", type: "CNAME", values: ["all.test"], ttl: 60 });
  const server = `127.0.0.1:${targets.ports.dns}`;
  const name = "all.test";
  await check("dns", [
    [{ name }, "up", "192.0.2.1, 192.0.2.2"],
    [{ name, server, expected: "192.0.2.2" }, "up", "192.0.2.1, 192.0.2.2"],
    [{ name, expected: "192.0.2.3" }, "down", "none of the A records is 192.0.2.3: 192.0.2.1, 192.0.2.2"],
    [{ name, type: "AAAA", expected: "2001:db8::1" }, "up", /^2001:db8:/],
    [{ name, type: "MX", expected: "mail.ALL.test." }, "up", "10 mail.all.test"],
    [{ name, type: "MX", expected: "20 mail.all.test" }, "down", /^none of the MX records/],
    [{ name, type: "NS", expected: "ns1.all.test" }, "up", "ns1.all.test"],
    [{ name, type: "TXT", expected: "v=spf1 -all" }, "up", "v=spf1 -all"],
    [{ name: "alias.test", type: "CNAME", expected: "all.test" }, "up", "all.test"],
    [{ name: "alias.test", expected: "192.0.2.1" }, "up", "192.0.2.1, 192.0.2.2"],
    [{ name: "alias.test", type: "TXT" }, "up", "v=spf1 -all"],
    [{ name: "nowhere.test" }, "down", "nowhere.test does not exist"],
    [{ name, server: `127.0.0.1:${targets.ports.closed}` }, "down", /connection refused/],
  ]);
  targets.dns.dns_fail({ mode: "drop" });
  await check("dns", [[{ name, server }, "down", "timeout after 500 ms", 500]]);
  targets.dns.dns_fail({ mode: "servfail" });
  await check("dns", [[{ name, server }, "down", /server failure/]]);
  targets.dns.dns_fail({ mode: "" });
});

test("one assignment that is wrong stops none of the others", async () => {
  const good = { id: ++lastId, kind: "tcp", target: { host: "127.0.0.1", port: targets.ports.raw } };
  const wrong = { ...good, id: ++lastId, kind: "telnet" };
  leader.assign([{ ...wrong, interval: 2, timeout_ms: 1000 }, { ...good, interval: 2, timeout_ms: 1000 }, {}]);
  await waitFor(() => leader.resultsOf(good.id)[0], { what: "a result", timeoutMs: 10000 });
  assert.equal(probe.lines(/cannot use one of the checks/).length, 2);
  assert.deepEqual(probe.lines(/\[(crit|alert|emerg)\]|attempt to|stack traceback/), []);
});
