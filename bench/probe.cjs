// Preloaded into Uptime Kuma: on SIGUSR2 it writes what the process costs to the file BENCH_PROBE, in whose name %p stands
// for the process.
"use strict";
const { writeFileSync, renameSync } = require("node:fs");
const { monitorEventLoopDelay } = require("node:perf_hooks");
const { getHeapCodeStatistics, setFlagsFromString } = require("node:v8");
const { runInNewContext } = require("node:vm");

const file = process.env.BENCH_PROBE?.replaceAll("%p", String(process.pid));
if (file !== undefined && /[\\/]server[\\/]server\.js$/.test(process.argv[1] ?? "")) {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  process.on("SIGUSR2", () => {
    const { user, system } = process.cpuUsage();
    // As much as is in use, not what waits to be collected.
    setFlagsFromString("--expose-gc");
    runInNewContext("gc")();
    const { rss, heapUsed, external } = process.memoryUsage();
    const { code_and_metadata_size: code, bytecode_and_metadata_size: bytecode } = getHeapCodeStatistics();
    const report = {
      at_ms: Date.now(),
      cpu_ms: (user + system) / 1000,
      rss_mb: rss / 2 ** 20,
      used_mb: (heapUsed + external) / 2 ** 20,
      // What V8 has compiled so far, which is in it: the more, the longer the process runs.
      code_mb: (code + bytecode) / 2 ** 20,
      timers: process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length,
      delay_p99_ms: delay.percentile(99) / 1e6,
      delay_max_ms: delay.max / 1e6,
    };
    writeFileSync(`${file}.new`, JSON.stringify(report));
    renameSync(`${file}.new`, file);
    delay.reset();
  });
}
