// The short form of `make soak`: too short to see what grows, long enough for what breaks.
import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeGrowth } from "./soak/judge.mjs";
import { soakLines } from "./soak/report.mjs";
import { runSoak } from "./soak/run.mjs";
import { judge, thinned, trend } from "./soak/trend.mjs";

const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 1000000000);
const MINUTES = 0.7;

/** @param {number} count @param {(at: number) => number} value */
const points = (count, value) => Array.from({ length: count }, (_, at) => ({ at, value: value(at) }));

test("what grows is told from noise, steps of restarts and what is too short", () => {
  const noise = (/** @type {number} */ at) => ((at * 7919) % 13) - 6;
  assert.equal(judge(trend([points(60, (at) => 100 + noise(at))]), 10), "unclear");
  assert.equal(judge(trend([points(600, (at) => 100 + noise(at))]), 100), "flat");
  assert.equal(judge(trend([points(60, (at) => at + noise(at))]), 100), "grows");
  assert.equal(judge(trend([points(30, () => 5), points(30, () => 90)]), 1), "flat");
  assert.equal(judge(trend([points(19, (at) => at)]), 1), "too short");
  const found = trend([points(60, (at) => at / 3600 + (at === 30 ? 1000 : 0))]);
  assert.ok(found !== undefined && Math.abs(found.slope - 1) < 1e-6, "one outlier changes nothing");
  assert.equal(
    thinned(
      points(60, (at) => at),
      10,
    ).length,
    6,
  );
});

test("a run of minutes is not judged by what an hour like it would come to", () => {
  const series = (/** @type {number} */ seconds) =>
    new Map([["lb1 memory_mib", new Map([["1", points(seconds, (at) => at / 50)]])]]);
  const verdicts = [300, 900].map(
    (seconds) => judgeGrowth(series(seconds), { from: 0, warmUpS: 0, blockS: 5 })[0].verdict,
  );
  assert.deepEqual(verdicts, ["too short", "grows"]);
});

test("a node that runs ever more monitors does not grow by what each of them takes", () => {
  const monitors = points(3600, (at) => 4 + Math.floor(at / 100));
  const load = (/** @type {number} */ at) => monitors[at].value;
  const verdict = (/** @type {(at: number) => number} */ timers) => {
    const series = new Map([
      ["node1 monitors", new Map([["database", monitors]])],
      ["node1 timers", new Map([["1", points(3600, timers)]])],
    ]);
    const found = judgeGrowth(series, { from: 0, warmUpS: 0, blockS: 30 });
    return found.find((growth) => growth.series === "node1 timers")?.verdict;
  };
  assert.equal(verdict(load), "flat");
  assert.equal(
    verdict((at) => load(at) + at / 20),
    "grows",
  );
});

test("a cluster that is disturbed at random keeps what it promises", async (t) => {
  t.diagnostic(`SEED=${SEED} MINUTES=${MINUTES}`);
  const result = await runSoak({ minutes: MINUTES, seed: SEED, say: (line) => t.diagnostic(line) });
  for (const line of soakLines(result)) t.diagnostic(line);
  const broken = result.findings.filter(({ violations }) => violations.length > 0);
  assert.deepEqual(broken, [], `make soak SEED=${SEED} MINUTES=${MINUTES}`);
});
