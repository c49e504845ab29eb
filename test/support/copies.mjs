// What the load balancer keeps on disk of the nodes' answers.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The copies as they lie on disk: nginx's own header with the key, the node's headers, the body.
 * @param {string} dir the load balancer's folder
 * @returns {string[]}
 */
export function copiesOnDisk(dir) {
  const folder = join(dir, "public-copies");
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"));
}

/** The key of a copy. @param {string} copy */
export function keyOf(copy) {
  return /\nKEY: (.*)\n/.exec(copy)?.[1] ?? "";
}
