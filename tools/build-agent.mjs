// Bundles the agent into the one file that a user mounts beside an unmodified Uptime Kuma, and the importer into another.
// The only dependency goes into the bundle, because there is no npm install on the user's side.
import { readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const agent = fileURLToPath(new URL("../agent/", import.meta.url));
const { version } = JSON.parse(readFileSync(`${agent}package.json`, "utf8"));
rmSync(`${agent}dist`, { recursive: true, force: true });
await build({
  absWorkingDir: agent,
  entryPoints: { register: "src/register.ts", "import-sqlite": "src/import/main.ts" },
  outdir: "dist",
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  external: ["supports-color"],
  legalComments: "eof",
  define: { BUNDLED_VERSION: JSON.stringify(version) },
  logLevel: "warning",
  banner: { js: "// Generated from agent/src: edit the files there, then run npm run build." },
});
