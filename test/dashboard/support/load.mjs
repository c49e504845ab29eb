import { fileURLToPath } from "node:url";
import { loadModule } from "../../support/load.mjs";

const source = new URL("../../../dashboard/src/", import.meta.url);

/**
 * @param {string} name a module of dashboard/src, without its extension
 * @returns {Promise<any>} what it exports
 */
export function load(name) {
  return loadModule(fileURLToPath(new URL(`${name}.ts`, source)));
}
