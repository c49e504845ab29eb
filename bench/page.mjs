// docs/benchmarks.md as a function of bench/results.json: pure.
import { judge } from "./targets.mjs";

/** @typedef {import("./statistics.mjs").Figure} Figure */

/** @type {Record<string, string>} */
const PEER_NAMES = {
  cluster: "ours",
  nginx: "nginx `least_conn`",
  haproxy: "HAProxy `leastconn`",
  caddy: "Caddy `least_conn`",
  empty: "two empty phases in Lua",
  per_request: "ours with a query per request",
};

/** A median with its quartiles. @param {Figure | undefined} found @returns {string} */
const spread = (found) => (found === undefined ? "-" : `${found.median} (${found.low} to ${found.high})`);

/** @param {string[]} heading @param {(string | number)[][]} rows */
function table(heading, rows) {
  const line = (/** @type {(string | number)[]} */ cells) => `| ${cells.join(" | ")} |`;
  return [line(heading), line(heading.map(() => "---")), ...rows.map(line)].join("\n");
}

/**
 * A part of the page: what a section found, or why there is nothing.
 * @param {any} results @param {string} name of the section @param {string} title @param {(found: any) => string[]} write
 */
function part(results, name, title, write) {
  const outcome = results.sections[name];
  const heading = `## ${title}`;
  if (outcome === undefined) return [heading, `Not measured: \`make bench ONLY=${name}\`.`];
  const when = `\`make bench ONLY=${name}\`, ${outcome.date.replace("T", " ")} UTC, rounds: ${outcome.rounds}, ${outcome.seconds} s.`;
  if (outcome.failed !== undefined) return [heading, when, `**This section failed:** ${outcome.failed}`];
  return [heading, when, ...write(outcome.results)];
}

/** @param {any} machine */
function machinePart(machine) {
  const { processor, cores, memory_gb, kernel, versions } = machine;
  const names = {
    nginx: "nginx",
    ngx_lua: "ngx_lua",
    luajit: "",
    haproxy: "HAProxy",
    caddy: "Caddy",
    mariadb: "MariaDB",
  };
  const programs = Object.entries({ ...names, node: "Node.js", wrk: "wrk" });
  const list = programs.map(([key, name]) => `${name} ${versions[key]}`.trim()).join(", ");
  return `Measured on: ${processor}, ${cores} cores, ${memory_gb} GB, ${kernel};\n${list}.`;
}

const HOW_TO_READ = `Every figure is the median of its rounds, with the lower and the upper quartile in brackets; the rounds themselves are
in [bench/results.json](../bench/results.json). A ratio is formed round by round, ours to the peer's in the same round, and
is the result; requests per second and milliseconds are those of this machine. Rounds are short and go round the peers, so
that what else the machine does hits all alike.`;

const ROUTING = `All proxies have the same backends, keep connections to them, and check each node every 30 s; plain nginx (which checks
nothing) and the empty phases use the very \`proxy.conf\` of the load balancer. A proxy with one worker has a core of its
own, and load, backends and database share the other. With two workers all share both cores: only the processor time
for a request tells something there. That time is user and system of all the proxy's processes; the database that the query
per request keeps busy is not in it. Memory is the proportional set size of the processes.

A bare request is one for data (\`/api/\`); a page is a document, which gets the node badge; a script is one of Uptime Kuma's.

"Two empty phases" is the least that choosing a node in Lua can be: an address in \`ngx.ctx\`, two headers and
\`set_current_peer\`. What lies between plain nginx and it is the price of ngx_lua, what lies between it and ours is ours.

All clients have one address, so ours sends them to one of equal nodes while the others go round: with 1000 nodes plain nginx
walks its list of servers for each request and looks for a connection among those of all nodes. There the query per request has
4 connections in place of 32, since each of its requests reads a thousand rows.

wrk is a closed loop: a connection sends its next request when the last was answered, so a slow proxy gets fewer requests, and
latency under it says little more than the throughput. For the latency of the same load, 256 connections wait between two
requests for a random time with a mean of 64 ms ("at the same rate": about 4000 requests/s for everybody). The time in which a
connection waits for an answer is short beside that, so the rate hardly depends on the proxy; wrk itself can do it, by a script,
where the generators with a fixed rate send in steps of 10 ms, all connections at once.`;

/** Ours to a peer's; ours to itself is no news. @param {string} name @param {Figure} found */
const ratioTo = (name, found) => (name === "cluster" ? "1" : spread(found));

/** What came of a closed loop. @param {any} one of the cases */
function throughputTable(one) {
  const rows = Object.entries(one.peers).map(([name, peer]) => [
    ...[PEER_NAMES[name] ?? name, spread(peer.rps), ratioTo(name, peer.ours_to_it.rps)],
    ...[spread(peer.cpu_us), ratioTo(name, peer.ours_to_it.cpu_us)],
    `${peer.p50_ms.median} / ${peer.p99_ms.median} / ${peer.p999_ms.median}`,
    ...[peer.memory_mb, peer.errors],
  ]);
  const ratios = ["requests/s", "ours to it", "CPU us a request", "ours to it"];
  return table(["", ...ratios, "p50 / p99 / p99.9 ms", "MB", "errors"], rows);
}

/** What came of the same rate for all. @param {any} one of the cases */
function latencyTable(one) {
  const rows = Object.entries(one.peers).map(([name, peer]) => [
    ...[PEER_NAMES[name] ?? name, spread(peer.p50_ms), spread(peer.p99_ms), ratioTo(name, peer.ours_to_it.p99_ms)],
    ...[spread(peer.p999_ms), spread(peer.cpu_us), peer.rps.median, peer.errors],
  ]);
  return table(
    ["", "p50 ms", "p99 ms", "p99: ours to it", "p99.9 ms", "CPU us a request", "requests/s", "errors"],
    rows,
  );
}

/** @param {any} found */
function routingPart({ cases, failures }) {
  const parts = [ROUTING];
  for (const { nodes, workers, reason } of failures) {
    parts.push(`**With ${nodes} nodes and ${workers} workers it failed:** ${reason}`);
  }
  for (const one of cases) {
    const load = one.load === "think" ? "at the same rate" : "closed loop";
    const connection = one.connection === "close" ? "a connection for each request" : "keep-alive";
    const workers = one.workers === 1 ? "1 worker" : `${one.workers} workers`;
    parts.push(
      `### ${one.workload}, ${one.nodes} nodes, ${workers}, ${connection}, ${load}`,
      one.load === "think" ? latencyTable(one) : throughputTable(one),
    );
    for (const name of one.unanswered)
      parts.push(`No request in some of the rounds was answered by: ${PEER_NAMES[name] ?? name}.`);
  }
  return parts;
}

/** @param {any} results */
function targetsPart(results) {
  const words = new Map([
    [true, "met"],
    [false, "**not met**"],
    [undefined, "not measured"],
  ]);
  const rows = judge(results.sections).map(({ target, where, wanted, found, isMet }) => [
    ...[target, where, wanted, spread(found), words.get(isMet) ?? ""],
  ]);
  return [
    "## Targets",
    "By the median; one worker, 3 nodes, connections kept, unless it says otherwise.",
    table(["ours to", "where", "wanted", "found", ""], rows),
    "What two phases in Lua cost at least, and what ours add to it, is in [ADR 8](adr/0008-what-a-request-costs.md).",
  ];
}

/** @param {any} found */
function flatPart({ sizes }) {
  const rows = sizes.map((/** @type {any} */ one) => [
    one.nodes,
    ...[spread(one.rps), spread(one.to_few.rps), spread(one.cpu_us), spread(one.to_few.cpu_us)],
  ]);
  const text = `Three load balancers in the same rounds, each with a database and nodes of its own. Their health checks and the reading of
the routing snapshot every 2 s go on meanwhile. They share one core, so what the checks of a thousand nodes take slows all three
down; the processor time for a request tells it apart, and has each one's own in it.`;
  return [text, table(["nodes", "requests/s", "to 3 nodes", "CPU us a request", "to 3 nodes"], rows)];
}

/** @param {any} found */
function socketsPart({ asked_for, opened, workers, peers }) {
  const cut =
    opened < asked_for
      ? `, as many as one process may have open here with two files for each (${asked_for} were asked for)`
      : "";
  const text = `${opened} WebSockets through each proxy at a time${cut}; clients of many addresses; nginx and ours with ${workers} workers,
HAProxy and Caddy with as many threads. Memory is what the proxy's processes have grown by since before the first round; the
kernel's buffers, the same for all, are not in it.`;
  const rows = Object.entries(peers).map(([name, peer]) => [
    PEER_NAMES[name] ?? name,
    ...[peer.held, peer.refused, spread(peer.kb_each), ratioTo(name, peer.ours_to_it), spread(peer.opened_per_second)],
  ]);
  return [text, table(["", "held", "refused", "KB each", "ours to it", "opened a second"], rows)];
}

/** @param {{at: string, count: number}[]} aborts */
const abortList = (aborts) =>
  aborts.length === 0
    ? "None."
    : table(
        ["place", "times"],
        aborts.map(({ at, count }) => [`\`${at}\``, count]),
      );

/** @param {any} found */
function phasesPart({ microseconds, allocated_bytes, compiler }) {
  const phases = Object.keys(microseconds.page);
  const times = Object.entries(microseconds).map(([workload, of]) => [
    workload,
    ...phases.map((phase) => spread(of[phase])),
  ]);
  const bytes = Object.entries(allocated_bytes).map(([workload, found]) => [workload, spread(found)]);
  const { N, I, G, J } = compiler.lua_time_percent;
  return [
    `Microseconds in Lua, by looks at the clock before and after each function that nginx calls, less what the looks take; calls
that were interrupted for 0.2 ms or more are left out. What nginx needs to enter Lua is not in them: for that compare
"two empty phases" with plain nginx.`,
    table(["request", ...phases], times),
    "Bytes that Lua allocates for a request, counted while nothing is collected, without what timers allocate:",
    table(["request", "bytes"], bytes),
    `Of the time in Lua under load ${N} % were in compiled code, ${I} % in the interpreter, ${G} % in the garbage collector and ${J} %
in the compiler. Traces that LuaJIT gave up during requests, once warm (none is wanted; work of timers does not count):`,
    abortList(compiler.aborts),
    `While warming up, when a place is tried several times before it is compiled in another way, there were
${compiler.aborts_while_warming_up.length}; they are in the file of results.`,
  ];
}

/** @param {any} found */
function enginePart({ moves, checks }) {
  const text = `A node dies that runs all monitors, before 50 nodes. Plan: who gets what, in Lua. Apply: from the begin of the operation to
the last assignment, by the database's clock, the plan included. From the kill: with three failed checks, one a second.`;
  const rows = moves.map((/** @type {any} */ one) => [
    one.monitors,
    ...[spread(one.plan_ms), spread(one.apply_s), spread(one.from_kill_s), one.memory_mb],
  ]);
  const rounds = checks.map((/** @type {any} */ one) => [one.nodes, spread(one.round_ms)]);
  return [
    text,
    table(["monitors", "plan ms", "apply s", "from the kill s", "MB of the load balancer"], rows),
    "A round that checks every node, asked for and answered over HTTP:",
    table(["nodes", "ms"], rounds),
  ];
}

/** @type {Record<string, string>} */
const SITES = {
  stock_sqlite: "one Uptime Kuma as it is, SQLite",
  stock_mariadb: "one Uptime Kuma as it is, MariaDB",
  nodes_1: "cluster of 1 node",
  nodes_2: "cluster of 2 nodes",
  nodes_3: "cluster of 3 nodes",
};

/** @param {any} found @param {number} cores */
function clusterPart({ kuma, monitors, interval_s, wanted_per_second, sites }, cores) {
  const text = `${monitors} HTTP monitors of a target on this machine, one check in ${interval_s} s each: ${wanted_per_second} checks a second are asked for
(Uptime Kuma ${kuma}). The target's log tells when each came. Late is what lies between two checks of a monitor beyond the
interval. One Uptime Kuma is one thread of JavaScript: when its core is busy all checks come late. Here nodes, database,
target and load balancer share ${cores} cores, so nodes beyond the number of cores buy safety and no throughput; the load of each
process says how much is left. The sites ran one after the other, windows of ${interval_s} s are the rounds. At its start an Uptime
Kuma as it is waits 0.3 to 1 s before each next monitor, half an hour for three thousand; here it waits a hundredth of that.`;
  const rows = Object.entries(sites).map(([name, site]) => {
    if (site.failed !== undefined) return [SITES[name] ?? name, `failed: ${site.failed}`, "", "", "", "", ""];
    const nodes = Object.entries(site.cpu_percent).filter(([process]) => /^(kuma|node\d+)$/.test(process));
    const other = Object.entries(site.cpu_percent).filter(([process]) => !/^(kuma|node\d+)$/.test(process));
    const list = (/** @type {[string, any][]} */ loads) =>
      loads.map(([, percent]) => Math.round(percent)).join(", ") || "-";
    const late = [spread(site.late_p50_s), spread(site.late_p99_s), spread(site.late_max_s)];
    return [SITES[name] ?? name, spread(site.beats_per_second), ...late, list(nodes), list(other)];
  });
  const heading = [
    "",
    "checks/s",
    "late p50 s",
    "late p99 s",
    "latest s",
    "CPU % of each node",
    "of database, load balancer",
  ];
  return [text, table(heading, rows)];
}

const REPEAT = `## Repeat it

\`\`\`sh no-test: the long form takes half an hour
make bench                                    # all sections, about 35 minutes on two quiet cores; writes this page
make bench ONLY=routing,engine OUT=mine.json  # some of them, into a file and a page (mine.md) of your own
make bench ROUNDS=1 SECONDS=1 MONITORS=300 OUT=mine.json   # does it run at all?
\`\`\`

It installs HAProxy, Caddy and wrk from Debian and starts everything by itself, on addresses of 127.0.0.0/8. A section that
fails is reported as failed and does not end the others. Each writes its results when it is done; after a run that was cut,
\`ONLY=\` with the rest goes on in the same file. Leave the machine alone meanwhile. \`KUMA_DIR\` takes another Uptime Kuma; one
on SQLite needs one that has its SQLite driver built.

How fast monitors move after a loss has benchmarks of its own, \`make bench-failover\` and \`make bench-takeover\`
([fail-over](failover.md)), as have the agent (\`make bench-agent\`), the counting of requests (\`make bench-metrics\`) and checks
from several places (\`make bench-regions\`).

## Flame graphs

\`\`\`sh no-test: perf needs rights that not every machine gives
make flame OUT=flame                 # of a bare request, 3 nodes
make flame OUT=flame NODES=1000 WORKLOAD=page SECONDS=20
npx speedscope flame/lua.folded      # what Lua does, timers included
npx speedscope flame/perf.txt        # what nginx and the kernel do
\`\`\`

\`lua.folded\` are stacks that LuaJIT's own profiler (\`jit.profile\`) has counted inside a worker, in the form that flamegraph.pl
and speedscope read; the last frame says whether the code was compiled. \`perf.txt\` are those of perf (Debian's \`linux-perf\`, by the
processor's clock, so it works in a virtual machine too) and stops where compiled Lua begins. Both run for a time under the
load of wrk; nothing has to be built with other flags, and names of functions in nginx come from its symbols.
\`bench/lua/bench_trace.lua\` tells which traces LuaJIT gives up in which request; in an nginx.conf of one's own,
\`init_worker_by_lua_block { require("jit.v").on("logs/traces") }\` writes all of them.
`;

/**
 * The page, before it is formatted.
 * @param {any} results as in bench/results.json
 * @returns {string}
 */
export function renderBenchmarks(results) {
  return [
    "# Benchmarks",
    "<!-- Made by `make bench` from bench/results.json. The words are in bench/page.mjs. -->",
    machinePart(results.machine),
    HOW_TO_READ,
    ...targetsPart(results),
    ...part(results, "routing", "Routing", routingPart),
    ...part(results, "flat", "From 3 to 1000 nodes", flatPart),
    ...part(results, "sockets", "WebSockets", socketsPart),
    ...part(results, "phases", "In Lua", phasesPart),
    ...part(results, "engine", "Engine", enginePart),
    ...part(results, "cluster", "What a cluster buys", (found) => clusterPart(found, results.machine.cores)),
    REPEAT,
  ].join("\n\n");
}
