import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./support/load.mjs";

const { cellsOf, checksOf, probeName, targetText } = await load("model/check-matrix");
const { fieldsOf, emptyForm, refusedField, requestOf } = await load("model/check-form");
const { changedStates } = await load("model/changes");

/** @param {string} probe_id @param {string} region @returns {ProbeBody} */
const probe = (probe_id, region) => ({
  ...{ probe_id, name: "", region, version: "0.1.0", here: true },
  ...{ registered_at: "2026-11-21T10:00:00Z", last_seen: "2026-11-21T10:00:00Z", nodes: [] },
});
/** @param {Partial<VoteBody>} more @returns {VoteBody} */
const vote = (more) => ({
  ...{ probe_id: "a", region: "eu", status: "up", at: "2026-11-21T10:00:00Z", counts: true, message: "answered 200" },
  ...{ ping_ms: 5, ...more },
});
/** @param {Partial<ProbeCheckBody>} more @returns {ProbeCheckBody} */
const check = (more) => ({
  ...{ id: 1, name: "shop", kind: "http", target: { url: "https://a.test/" }, interval: 60, timeout_ms: 10000 },
  ...{ regions: undefined, strategy: "any-down", quorum: undefined, active: true, monitor_id: 1, verdict: "up" },
  ...{ since: undefined, message: "", votes: [], ...more },
});

test("a cell has the vote of its probe, or says why there is none", () => {
  const probes = ["a", "b", "c", "d", "e"].map((id) => probe(id, id === "e" ? "us" : "eu"));
  const votes = [
    vote({}),
    vote({ probe_id: "b", status: "abstain", counts: false }),
    vote({ probe_id: "c", status: "down", counts: false }),
    vote({ probe_id: "e", status: "down" }),
    vote({ probe_id: "gone" }),
  ];
  const cells = cellsOf(check({ regions: ["eu"], votes }), probes);
  const states = cells.map((/** @type {{probe: string, state: string}} */ cell) => `${cell.probe} ${cell.state}`);
  assert.deepEqual(states, ["a up", "b abstain", "c expired", "d none", "e unasked"]);
  assert.equal(cells[4].vote, undefined, "what a probe said before its region was taken off counts for nobody");
});

test("a probe makes the checks of its region that are not paused", () => {
  const checks = [check({}), check({ regions: ["us"] }), check({ active: false }), check({ regions: ["us", "eu"] })];
  assert.deepEqual([checksOf(probe("a", "eu"), checks), checksOf(probe("b", ""), checks)], [2, 1]);
});

test("probes and targets have a name each", () => {
  assert.deepEqual([probeName(probe("a", "")), probeName({ ...probe("a", ""), name: "Rome" })], ["a", "Rome"]);
  assert.equal(targetText(check({})), "https://a.test/");
  assert.equal(targetText(check({ target: { host: "a.test", port: 25 } })), "a.test:25");
  assert.equal(targetText(check({ target: { name: "a.test" } })), "a.test A");
});

test("the form sends the fields of its kind that hold something, numbers as numbers", () => {
  const values = {
    ...emptyForm("all-down"),
    ...{ name: " shop ", "target.url": "https://a.test/", "target.keyword": " ", "target.host": "left over" },
    ...{ "target.min_tls_days": "7", quorum: "" },
  };
  assert.deepEqual(requestOf(fieldsOf("http"), values, []), {
    ...{ name: "shop", kind: "http", interval: 60, strategy: "all-down" },
    target: { url: "https://a.test/", method: "GET", min_tls_days: 7 },
  });
  const tcp = { ...values, kind: "tcp", "target.host": "a.test", "target.port": "25", quorum: "2" };
  assert.deepEqual(requestOf(fieldsOf("tcp"), tcp, ["eu"]), {
    ...{ name: "shop", kind: "tcp", interval: 60, strategy: "all-down", quorum: 2, regions: ["eu"] },
    target: { host: "a.test", port: 25 },
  });
});

test("a refusal belongs to the field that it names, if the form has it", () => {
  /** @param {string} message @param {string} [code] */
  const field = (message, code = "invalid_parameter") => refusedField({ code, message }, fieldsOf("dns"));
  assert.equal(field("target.name must be a host name."), "target.name");
  assert.equal(field("name must be a text of 1 to 150 bytes."), "name");
  assert.equal(field("target.url must be an http or https URL."), undefined);
  assert.equal(field("name of something else", "not_taken"), undefined);
});

test("what was there before and has another state is a change, what comes and goes is none", () => {
  /** @param {string} id @param {string} state */
  const stated = (id, state) => ({ id, node: id, state });
  const before = [stated("shop", "up"), stated("mail", "up"), stated("gone", "up")];
  const after = [stated("shop", "down"), stated("mail", "up"), stated("new", "unknown")];
  assert.deepEqual(changedStates(before, after), [stated("shop", "down")]);
});
