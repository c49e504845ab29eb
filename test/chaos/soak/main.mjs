// What `make soak` calls. MINUTES=60 says how long, SEED=7 makes the same things happen again, OUT=file.json gets the
// result, KEEP=1 keeps logs, tables and samples in any case.
import { writeFileSync } from "node:fs";
import { playedVersion } from "../stage.mjs";
import { soakLines } from "./report.mjs";
import { runSoak } from "./run.mjs";

const { MINUTES = "60", SEED = String(Date.now() % 1000000000), OUT = "", KEEP = "" } = process.env;

try {
  const [minutes, seed] = [Number(MINUTES), Number(SEED)];
  if (!(minutes > 0 && minutes <= 10000)) throw new Error(`MINUTES=${MINUTES} is not a number above 0`);
  if (!Number.isInteger(seed)) throw new Error(`SEED=${SEED} is not a whole number`);
  const say = (/** @type {string} */ line) => console.log(`[${new Date().toISOString()}] ${line}`);
  say(`SEED=${seed} MINUTES=${minutes}`);
  const interrupt = new AbortController();
  process.once("SIGINT", () => interrupt.abort()).once("SIGTERM", () => interrupt.abort());
  const result = await runSoak({ minutes, seed, say, keep: KEEP === "1", signal: interrupt.signal });
  console.log(`\n${soakLines(result).join("\n")}`);
  if (OUT !== "") writeFileSync(OUT, `${JSON.stringify({ kuma: await playedVersion(), ...result }, undefined, 2)}\n`);
  process.exitCode = result.ok ? 0 : 1;
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
process.exit();
