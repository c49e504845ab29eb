import { DATABASE_SCENARIOS } from "./scenarios/database.mjs";
import { FOLLOWER_SCENARIOS } from "./scenarios/followers.mjs";
import { LOAD_BALANCER_SCENARIOS } from "./scenarios/load-balancers.mjs";
import { NODE_SCENARIOS } from "./scenarios/nodes.mjs";

/** @typedef {import("./scenarios/nodes.mjs").Scenario} Scenario */

/** In the order in which they are played. */
export const SCENARIOS = [...NODE_SCENARIOS, ...LOAD_BALANCER_SCENARIOS, ...FOLLOWER_SCENARIOS, ...DATABASE_SCENARIOS];

/**
 * @param {string[]} names
 * @returns {Scenario[]}
 * @throws one line that lists the names there are
 */
export function scenariosOf(names) {
  return names.map((name) => {
    const found = SCENARIOS.find((scenario) => scenario.name === name);
    if (found !== undefined) return found;
    throw new Error(`no such scenario: ${name} (there are ${SCENARIOS.map((one) => one.name).join(", ")})`);
  });
}
