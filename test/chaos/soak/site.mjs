// The cluster of a soak: that of the scenarios, of a copy of the programs, with a follower from the beginning and nodes that
// tell what they use.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { agentOf } from "../../../local/kuma.mjs";
import { startChaosSite } from "../site.mjs";
import { untilReady } from "../stage.mjs";
import { untilPeer } from "../balancers.mjs";
import { copyTree } from "./tree.mjs";

const PROBE = fileURLToPath(new URL("../../../bench/probe.cjs", import.meta.url));

/** @typedef {Awaited<ReturnType<typeof startSoakSite>>} SoakSite */

/** Monitors that nobody touches: all that must hold is judged by them. */
const MONITORS = 12;

export async function startSoakSite() {
  const reports = mkdtempSync(join(tmpdir(), "soak-"));
  const tree = mkdtempSync(join(tmpdir(), "soak-tree-"));
  const removeFolders = () => {
    for (const folder of [reports, tree]) rmSync(folder, { recursive: true, force: true });
  };
  /** @type {Awaited<ReturnType<typeof startChaosSite>> | undefined} */
  let site;
  try {
    copyTree(tree);
    const preload = [agentOf(tree), PROBE].map((file) => `--require ${JSON.stringify(file)}`).join(" ");
    const nodeEnv = { NODE_OPTIONS: preload, BENCH_PROBE: join(reports, "%p.json") };
    const started = (site = await startChaosSite({ monitors: MONITORS, nodeEnv, treeOf: () => tree }));
    await untilReady(started);
    const lb2 = await started.startSecond("follower");
    await untilPeer(lb2, ({ node_id }) => node_id === started.lb1.name);
    return {
      ...started,
      lb2,
      balancers: [started.lb1, lb2],
      /** Where a node writes what it uses. @param {number} pid */
      reportOf: (pid) => join(reports, `${pid}.json`),
      /** @param {boolean} keep its files stay */
      close: async (keep) => {
        await started.close(keep);
        removeFolders();
      },
    };
  } catch (error) {
    await site?.close(true);
    removeFolders();
    throw error;
  }
}
