import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeTestCounts, nodeTestFailures, withoutRepetition } from "../support/counts.mjs";

const LINES = `✔ one (1.5ms)
✖ two (7493.8ms)
  Error: a monitor that waits is not ready after 5 s
      at waitFor (file:///somewhere/processes.mjs:81:13)

✔ three (6.9ms)
ℹ tests 3
ℹ suites 0
ℹ pass 2
ℹ fail 1
ℹ cancelled 0
ℹ duration_ms 18167.0

✖ failing tests:

✖ two (7493.8ms)
  Error: a monitor that waits is not ready after 5 s`.split("\n");

test("what a file of tests printed is counted, and told once", () => {
  assert.deepEqual(nodeTestCounts(LINES), { passed: 2, failed: 1 });
  assert.equal(withoutRepetition(LINES).filter((line) => line.startsWith("✖ two")).length, 1);
});

test("a failure is its name and the head of its error", () => {
  assert.deepEqual(nodeTestFailures(LINES), [
    "✖ two (7493.8ms)",
    "  Error: a monitor that waits is not ready after 5 s",
  ]);
  const long = [
    "✖ four (1ms)",
    ...Array.from({ length: 50 }, (_, index) => `  + ${index} ${"x".repeat(500)}`),
    "ℹ pass 0",
  ];
  const failures = nodeTestFailures(long);
  assert.equal(failures.length, 9);
  assert.ok(failures.every((line) => line.length <= 300));
});
