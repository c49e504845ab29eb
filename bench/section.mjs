// Runs one section in a process of its own, so that one that fails takes nothing with it. Arguments: its name, its settings
// as JSON, and the file for its results.
import { writeFileSync } from "node:fs";
import { SECTIONS } from "./sections.mjs";
import { close } from "./stage.mjs";

const [name = "", settings = "{}", file = ""] = process.argv.slice(2);
const section = SECTIONS.find((one) => one.name === name);
if (section === undefined) throw new Error(`there is no section ${name}`);
const end = async (/** @type {number} */ code) => {
  await close();
  process.exit(code);
};
process.once("SIGTERM", () => void end(1));
try {
  writeFileSync(file, JSON.stringify(await section.run({ ...JSON.parse(settings), say: console.error })));
} catch (error) {
  writeFileSync(file, JSON.stringify({ failed: error instanceof Error ? error.message : String(error) }));
  console.error(error);
  process.exitCode = 1;
}
await end(Number(process.exitCode ?? 0));
