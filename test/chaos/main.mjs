// What `make chaos` calls. SCENARIO=one,two plays these, REPEAT=3 each so many times, OUT=file.json gets the verdicts.
import { writeFileSync } from "node:fs";
import { table, verdictLines } from "./report.mjs";
import { SCENARIOS, scenariosOf } from "./scenarios.mjs";
import { openStage, playedVersion } from "./stage.mjs";

const { SCENARIO = "", REPEAT = "1", OUT = "" } = process.env;

/** @param {import("./stage.mjs").Verdict[]} verdicts */
async function report(verdicts) {
  console.log(`\n${table(verdicts).join("\n")}`);
  const failed = verdicts.filter(({ ok }) => !ok).length;
  console.log(`\n${verdicts.length - failed} passed, ${failed} failed`);
  const result = { chaos: verdicts, kuma: await playedVersion(), repeat: Number(REPEAT) };
  if (OUT !== "") writeFileSync(OUT, `${JSON.stringify(result, undefined, 2)}\n`);
  if (failed > 0 || verdicts.length === 0) process.exitCode = 1;
}

const stage = openStage();
/** @type {import("./stage.mjs").Verdict[]} */
const verdicts = [];
let interrupted = false;
process.once("SIGINT", () => (interrupted = true)).once("SIGTERM", () => (interrupted = true));
try {
  const scenarios = SCENARIO === "" ? SCENARIOS : scenariosOf(SCENARIO.split(","));
  if (!/^[1-9]\d*$/.test(REPEAT)) throw new Error(`REPEAT=${REPEAT} is not a number from 1`);
  for (let round = 0; round < Number(REPEAT) && !interrupted; round++) {
    for (const scenario of scenarios) {
      if (interrupted) break;
      const verdict = await stage.play(scenario);
      verdicts.push(verdict);
      console.log(verdictLines(verdict).join("\n"));
    }
  }
  await report(verdicts);
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
} finally {
  await stage.close();
}
process.exit();
