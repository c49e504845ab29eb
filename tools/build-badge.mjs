// Bundles the node badge into the one script that the load balancer adds to Uptime Kuma's pages.
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../", import.meta.url));
await build({
  absWorkingDir: root,
  entryPoints: ["dashboard/badge/badge.ts"],
  outfile: "nginx/html/lb/assets/badge.js",
  bundle: true,
  minify: true,
  platform: "browser",
  target: ["es2020"],
  format: "iife",
  logLevel: "warning",
  banner: { js: "// Generated from dashboard/badge: edit the files there, then run npm run build." },
});
