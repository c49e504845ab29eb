import { fileURLToPath } from "node:url";
import { loadModule } from "../../support/load.mjs";

const source = new URL("../../../agent/src/", import.meta.url);

/**
 * @param {string} name a module of agent/src, without its extension
 * @returns {Promise<any>} what it exports
 */
export function load(name) {
  return loadModule(fileURLToPath(new URL(`${name}.ts`, source)), { BUNDLED_VERSION: '"0.0.0"' });
}
