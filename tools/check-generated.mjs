// Fails when lua/, agent/dist/, the pages in nginx/html/, the embedded SQL or the schemas differ from what a fresh build
// makes.
import { execFileSync } from "node:child_process";
import { ensureBuild } from "../local/workspace.mjs";

// Nothing when the last build here was of these sources and wrote these files.
await ensureBuild(console.error);
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
