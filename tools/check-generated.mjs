// Fails when lua/, agent/dist/, the pages in nginx/html/, the embedded SQL or the schemas differ from what a fresh build
// makes.
import { execFileSync } from "node:child_process";

execFileSync("npm", ["run", "--silent", "build"], { stdio: "inherit" });
const changed = execFileSync(
  "git",
  [
    ...["status", "--porcelain", "--", "lua", "agent/dist", "nginx/html"],
    ...["src-ts/store/ddl.ts", "src-ts/api/schemas.ts", "agent/src/ddl.ts"],
  ],
  { encoding: "utf8" },
).trim();
if (changed !== "") {
  console.error(`Generated files are out of date. Run npm run build and commit:\n${changed}`);
  process.exit(1);
}
