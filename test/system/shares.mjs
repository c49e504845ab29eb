// Who runs which monitors, and how to wait for it.
import { waitFor } from "../../local/processes.mjs";
import { request } from "../support/http.mjs";

/** @typedef {{sql: (text: string) => Promise<string>}} Database */

/** Owner by monitor id. @param {Database} system */
export async function ownersOf({ sql }) {
  const rows = (await sql("SELECT id, owner_node FROM monitor ORDER BY id")).trim().split("\n");
  return new Map(rows.map((row) => /** @type {[string, string]} */ (row.split("\t"))));
}

/** Monitors by owner. @param {Database} system */
export async function sharesOf(system) {
  /** @type {Record<string, number>} */
  const found = {};
  for (const owner of (await ownersOf(system)).values()) found[owner] = (found[owner] ?? 0) + 1;
  return found;
}

/** @param {Database} system @param {Record<string, number>} wanted monitors by owner */
export async function untilShares(system, wanted, timeoutMs = 30000) {
  const check = async () => {
    const found = await sharesOf(system);
    if (JSON.stringify(found, Object.keys(found).sort()) === JSON.stringify(wanted)) return true;
    throw new Error(`the monitors are ${JSON.stringify(found)}`);
  };
  await waitFor(check, { what: `monitors ${JSON.stringify(wanted)}`, timeoutMs, everyMs: 100 });
}

/** Until nothing is moved any more. @param {{url: string}} system */
export async function untilIdle({ url }, timeoutMs = 60000) {
  const check = async () => {
    const { operations } = (await request(`${url}/lb/fault-detection-status`)).json;
    if (operations.length === 0) return true;
    throw new Error(`open: ${JSON.stringify(operations)}`);
  };
  await waitFor(check, { what: "the end of all operations", timeoutMs, everyMs: 100 });
}
