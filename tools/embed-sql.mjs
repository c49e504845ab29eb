// Writes the statements of sql/*.sql into a TypeScript constant for each part that creates tables, so that the text of
// a table has one home and neither part reads files when it runs.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const statements = readdirSync(`${root}sql`)
  .filter((name) => name.endsWith(".sql"))
  .sort()
  .flatMap((name) =>
    readFileSync(`${root}sql/${name}`, "utf8")
      .replace(/^--.*$/gm, "")
      .split(/;\s*$/m)
      .map((statement) => statement.trim().replace(/\s+/g, " "))
      .filter((statement) => statement !== ""),
  );

const text =
  "/* Generated from sql/ by tools/embed-sql.mjs: edit the files there, then run npm run build. */\n" +
  `export const DDL: readonly string[] = ${JSON.stringify(statements, undefined, 2)};\n`;
for (const target of ["src-ts/store/ddl.ts", "agent/src/ddl.ts"]) writeFileSync(root + target, text);
