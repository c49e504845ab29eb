// How a benchmark of its own says what it has found.
import { writeFileSync } from "node:fs";

/**
 * Prints it as JSON, also into a file if there is one.
 * @param {object} result @param {string | undefined} file
 */
export function printResult(result, file) {
  const text = JSON.stringify(result, undefined, 2);
  console.log(text);
  if (file !== undefined && file !== "") writeFileSync(file, `${text}\n`);
}
