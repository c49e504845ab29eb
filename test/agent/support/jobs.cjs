// Preloaded into a node by a test: on SIGUSR2 Kuma's daily job runs at once, as its schedule would start it.
"use strict";
const { dirname, join } = require("node:path");

const main = process.argv[1] ?? "";
if (/[\\/]server[\\/]server\.js$/.test(main)) {
  process.on("SIGUSR2", () => {
    // jobs.js holds the function that it got when it was loaded.
    require(join(dirname(main), "jobs/clear-old-data.js")).clearOldData();
  });
}
