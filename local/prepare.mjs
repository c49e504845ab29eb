// Brings a fresh clone to the point where npm scripts run.
import { ensureDependencies } from "./workspace.mjs";

await ensureDependencies(console.log);
