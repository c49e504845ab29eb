// Certificates for servers of the tests, made by openssl: an authority of their own and what it vouches for.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * @typedef {{key: string, cert: string}} Pair in PEM
 */

/**
 * An authority in a folder.
 * @param {string} dir
 */
export function makeAuthority(dir) {
  const file = (/** @type {string} */ name) => join(dir, name);
  const openssl = (/** @type {string[]} */ ...args) => execFileSync("openssl", args, { stdio: "pipe" });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  openssl(
    "req",
    "-x509",
    ...key,
    "-keyout",
    file("ca.key"),
    "-out",
    file("ca.pem"),
    "-subj",
    "/CN=test",
    "-days",
    "99",
  );
  return {
    /** The file of the authority's certificate. */
    trusted: file("ca.pem"),
    /**
     * @param {string} name of the files
     * @param {{names: string, days: number}} what `names` as in "DNS:localhost,IP:127.0.0.1"; `days` until it ends,
     *   -1 for one that ended yesterday
     * @returns {Pair}
     */
    issue(name, { names, days }) {
      writeFileSync(file(`${name}.ext`), `subjectAltName=${names}\n`);
      openssl("req", ...key, "-keyout", file(`${name}.key`), "-out", file(`${name}.csr`), "-subj", "/CN=x");
      const ca = ["-CA", file("ca.pem"), "-CAkey", file("ca.key"), "-CAcreateserial", "-extfile", file(`${name}.ext`)];
      openssl("x509", "-req", "-in", file(`${name}.csr`), ...ca, "-out", file(`${name}.pem`), "-days", String(days));
      return { key: readFileSync(file(`${name}.key`), "utf8"), cert: readFileSync(file(`${name}.pem`), "utf8") };
    },
  };
}
