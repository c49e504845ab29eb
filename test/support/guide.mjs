// CLUSTER_DEPLOYMENT_GUIDE.md, as somebody follows it who copies and pastes.
import { readFileSync } from "node:fs";

const GUIDE = new URL("../../CLUSTER_DEPLOYMENT_GUIDE.md", import.meta.url);

/**
 * The blocks of shell commands below a heading of the third level.
 * @param {string} heading
 * @returns {string[]}
 * @throws when there is no such heading, or nothing to run below it
 */
export function shellBlocks(heading) {
  const section = readFileSync(GUIDE, "utf8")
    .split(/^(?=##+ )/m)
    .find((part) => part.startsWith(`### ${heading}\n`));
  const blocks = [...(section ?? "").matchAll(/^```sh\n(.*?)^```$/gms)].map(([, code = ""]) => code);
  if (blocks.length === 0) throw new Error(`the deployment guide has no commands below "${heading}"`);
  return blocks;
}
