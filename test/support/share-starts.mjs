// What dozens of servers would each do again at their start is done once.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TRUSTED_CERTIFICATES } from "../../local/load-balancer.mjs";
import { makeTemplate } from "../../local/mariadb.mjs";

/**
 * @param {string} dir for files that stay as long as the tests run
 * @returns {Promise<Record<string, string>>} the variables that make the servers use them
 */
export async function shareStarts(dir) {
  const database = join(dir, "mariadb");
  mkdirSync(database);
  return { ...(await makeTemplate(database)), ...shortBundle(join(dir, "trusted.pem")) };
}

/**
 * The first of the certificates that the system trusts: tests that need another one name it, and none reaches a server
 * with a public one.
 * @param {string} file @returns {Record<string, string>}
 */
function shortBundle(file) {
  const system = TRUSTED_CERTIFICATES.find(existsSync);
  const end = "-----END CERTIFICATE-----\n";
  const [first = ""] = system === undefined ? [] : readFileSync(system, "utf8").split(end);
  if (first === "") return {};
  writeFileSync(file, first + end);
  return { LB_TRUSTED_CERTIFICATES: file };
}
