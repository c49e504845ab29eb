// Brings a fresh clone to the point where npm scripts run. With arguments (Debian packages) also to the point where a
// load balancer does: those and the cluster's own packages are installed, and the build is made.
import { CLUSTER_PACKAGES, checkHost, ensurePackages } from "./host.mjs";
import { ensureBuild, ensureDependencies } from "./workspace.mjs";

const packages = process.argv.slice(2);
try {
  if (packages.length > 0) {
    checkHost();
    await ensurePackages([...CLUSTER_PACKAGES, ...packages], console.error);
  }
  await ensureDependencies(console.error);
  if (packages.length > 0) await ensureBuild(console.error);
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
