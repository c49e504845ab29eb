// The scenarios that every change has to pass; `make chaos` plays all of them.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { verdictLines } from "./report.mjs";
import { scenariosOf } from "./scenarios.mjs";
import { openStage } from "./stage.mjs";

const stage = openStage();
after(() => stage.close());

for (const scenario of scenariosOf(["node-kill", "database-read-only", "paused-leader"])) {
  test(`${scenario.name}: ${scenario.title}`, async (t) => {
    const verdict = await stage.play(scenario);
    for (const line of verdictLines(verdict)) t.diagnostic(line);
    assert.deepEqual(verdict.violations, {});
  });
}
