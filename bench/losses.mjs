// What the benchmarks have in common that lose a part of a real cluster again and again.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stopCluster } from "../local/cluster.mjs";
import { spread } from "../test/chaos/measure.mjs";
import { printResult } from "./output.mjs";

/** Each loss falls into another moment of what repeats itself: the share of it that has passed. @param {number} turn */
export const shareOf = (turn) => (turn * 0.618) % 1;

/** Seconds without what the database's clock says below a millisecond. @param {number | undefined} value */
export const milliseconds = (value) => value && Math.round(value * 1000) / 1000;

/** The spread of those that are known. @param {(number | undefined)[]} values */
export const spreadOfKnown = (values) => spread(values.filter((value) => value !== undefined));

/** @template T @param {T[]} items @param {(item: T) => number} of */
export const sumOf = (items, of) => items.reduce((total, item) => total + of(item), 0);

/**
 * The same loss so many times, each told on standard error.
 * @template Loss
 * @param {string} way @param {number} times @param {(turn: number) => Promise<Loss>} lose @param {(loss: Loss) => object} row
 * @returns {Promise<Loss[]>}
 */
export async function series(way, times, lose, row) {
  const losses = [];
  for (let turn = 0; turn < times; turn++) {
    const loss = await lose(turn);
    losses.push(loss);
    console.error(`${way} ${turn + 1} of ${times}: ${JSON.stringify(row(loss))}`);
  }
  return losses;
}

/**
 * Runs a benchmark on a cluster in a folder of its own and ends this process. When it fails, the folder stays, for its logs.
 * @param {(data: string) => Promise<{result: object, close: () => Promise<unknown>}>} benchmark
 */
export async function runOnCluster(benchmark) {
  const data = mkdtempSync(join(tmpdir(), "bench-"));
  try {
    const { result, close } = await benchmark(data);
    printResult(result, process.env.OUT);
    await close();
  } catch (error) {
    console.error(`error: ${error instanceof Error ? error.message : error}\nlogs: ${data}`);
    await stopCluster(data);
    process.exitCode = 1;
  }
  process.exit();
}
