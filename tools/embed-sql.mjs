// Writes the statements of sql/*.sql into TypeScript constants for each part that creates tables, so that the text of a
// table has one home and neither part reads files when it runs. sql/001_cluster.sql becomes CLUSTER_DDL. The number of the
// schema comes from sql/version.json.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** @param {string} file a file of sql/ */
function statements(file) {
  return readFileSync(`${root}sql/${file}`, "utf8")
    .replace(/^--.*$/gm, "")
    .split(/;\s*$/m)
    .map((statement) => statement.trim().replace(/\s+/g, " "))
    .filter((statement) => statement !== "");
}

const constants = readdirSync(`${root}sql`)
  .filter((file) => file.endsWith(".sql"))
  .sort()
  .map((file) => {
    const name = file.replace(/^\d+_(.*)\.sql$/, "$1").toUpperCase();
    return `export const ${name}_DDL: readonly string[] = ${JSON.stringify(statements(file), undefined, 4)};\n`;
  });

const { version, oldest_compatible } = JSON.parse(readFileSync(`${root}sql/version.json`, "utf8"));
constants.push(
  `/** The number of what the statements above make. */\nexport const SCHEMA_VERSION = ${version};\n`,
  "/** The oldest schema whose programs work on this one, too. */\n" +
    `export const OLDEST_COMPATIBLE_SCHEMA = ${oldest_compatible};\n`,
);

const header = "/* Generated from sql/ by tools/embed-sql.mjs: edit the files there, then run npm run build. */\n\n";
for (const target of ["src-ts/store/ddl.ts", "agent/src/ddl.ts"]) {
  writeFileSync(root + target, header + constants.join("\n"));
}
