// Who is compared: reverse proxies before the same backends, with the same nodes checked as often, on the same cores.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CONFIGURATION } from "../local/load-balancer.mjs";
import { freePort } from "../local/ports.mjs";
import { spawnDetached, stopProcess, waitFor } from "../local/processes.mjs";
import { BARE_PATH, atEnd, coresOf, newFolder, startNginx, startOurs } from "./stage.mjs";

/** As often as the load balancer checks a node. */
const CHECK_INTERVAL = "30s";

/**
 * @typedef {import("./load.mjs").Target} Target
 * @typedef {{backends: string[], workers: number, events?: string, connections?: number}} Site `events` of nginx's block
 *   of that name; `connections` that HAProxy has to hold
 */

/** @param {string} url @param {string} what */
async function untilAnswers(url, what) {
  await waitFor(async () => (await fetch(`${url}${BARE_PATH}`)).ok, { what, timeoutMs: 60000 });
}

/** The head of an nginx that hands requests on by nginx/conf.d/proxy.conf. @param {number} port */
const proxyHead = (port) => `include ${CONFIGURATION}/proxy_variables.conf;
  map "" $routed_to { default ""; } map "" $routed_via { default load-balancer; }
  server { listen 127.0.0.1:${port}; server_tokens off; proxy_read_timeout 1d;`;

/**
 * nginx's own least_conn. It goes round equal nodes, so with many of them it needs as many connections in stock.
 * @param {Site} site @returns {Promise<Target>}
 */
export async function startPlainNginx({ backends, workers, events = "" }) {
  const port = await freePort();
  const servers = backends.map((backend) => `server ${backend};`).join(" ");
  const http = `upstream nodes { least_conn; ${servers} keepalive ${Math.max(64, backends.length)}; keepalive_timeout 4s; }
    ${proxyHead(port)} location / { include ${CONFIGURATION}/proxy.conf; proxy_pass http://nodes; } }`;
  const pid = await startNginx("nginx", http, { cores: coresOf(workers), workers, events });
  const url = `http://127.0.0.1:${port}`;
  await untilAnswers(url, "plain nginx");
  return { url, pid };
}

/**
 * The least that two phases in Lua can be: an address in ngx.ctx, two headers, and set_current_peer. What is between plain
 * nginx and this is the price of ngx_lua.
 * @param {Site} site @returns {Promise<Target>}
 */
export async function startEmptyPhases({ backends, workers }) {
  const port = await freePort();
  const [host, backendPort] = String(backends[0]).split(":");
  const http = `init_by_lua_block { balancer = require("ngx.balancer") }
    upstream nodes { server 0.0.0.1;
      balancer_by_lua_block { local ctx = ngx.ctx; balancer.set_current_peer(ctx.upstream_host, ctx.upstream_port) }
      keepalive 64; keepalive_timeout 4s; }
    ${proxyHead(port)}
    add_header X-Routed-Via $routed_via always; add_header X-Routed-To $routed_to always;
    location / {
      access_by_lua_block {
        local ctx = ngx.ctx; ctx.upstream_host = "${host}"; ctx.upstream_port = ${backendPort}
        ngx.var.routed_to = "uptime-kuma-node1"
      }
      include ${CONFIGURATION}/proxy.conf; proxy_pass http://nodes; } }`;
  const pid = await startNginx("empty", http, { cores: coresOf(workers), workers, hasLua: true });
  const url = `http://127.0.0.1:${port}`;
  await untilAnswers(url, "the empty phases");
  return { url, pid };
}

/** @param {Site} site @returns {Promise<Target>} */
export async function startHaproxy({ backends, workers, connections = 4096 }) {
  const port = await freePort();
  const file = join(newFolder("haproxy"), "haproxy.cfg");
  const servers = backends.map(
    (backend, index) => `  server node${index + 1} ${backend} check inter ${CHECK_INTERVAL}`,
  );
  const timeouts = "timeout connect 3s\n  timeout client 60s\n  timeout server 60s\n  timeout tunnel 1d";
  writeFileSync(
    file,
    `global\n  nbthread ${workers}\n  maxconn ${connections}\ndefaults\n  mode http\n  ${timeouts}\n` +
      `  maxconn ${connections}\n  option forwardfor\n  http-reuse safe\nfrontend in\n  bind 127.0.0.1:${port}\n` +
      `  default_backend nodes\nbackend nodes\n  balance leastconn\n${servers.join("\n")}\n`,
  );
  return startProxy("haproxy", ["-db", "-f", file], { file, port, workers });
}

/** @param {Site} site @returns {Promise<Target>} */
export async function startCaddy({ backends, workers }) {
  const port = await freePort();
  const home = newFolder("caddy");
  const file = join(home, "Caddyfile");
  writeFileSync(
    file,
    `{\n admin off\n auto_https off\n}\nhttp://:${port} {\n bind 127.0.0.1\n` +
      ` reverse_proxy ${backends.join(" ")} {\n  lb_policy least_conn\n  health_uri /api/v1/health\n` +
      `  health_interval ${CHECK_INTERVAL}\n  transport http {\n   dial_timeout 3s\n   keepalive 4s\n` +
      `   keepalive_idle_conns_per_host 64\n  }\n }\n}\n`,
  );
  const env = { ...process.env, HOME: home, XDG_DATA_HOME: home, XDG_CONFIG_HOME: home, GOMAXPROCS: String(workers) };
  return startProxy("caddy", ["run", "--adapter", "caddyfile", "--config", file], { file, port, workers, env });
}

/**
 * @param {string} program @param {string[]} args
 * @param {{file: string, port: number, workers: number, env?: NodeJS.ProcessEnv}} more
 */
async function startProxy(program, args, { file, port, workers, env }) {
  const log = `${file}.log`;
  const pid = await spawnDetached("taskset", ["-c", coresOf(workers), program, ...args], { log, env });
  atEnd(() => stopProcess(pid, { mark: file, graceMs: 2000 }));
  const url = `http://127.0.0.1:${port}`;
  const answers = async () => (await fetch(`${url}${BARE_PATH}`)).ok;
  await waitFor(answers, { what: program, timeoutMs: 60000, pid, log });
  return { url, pid };
}

/** Ours, and ours with a query for each request. @param {import("../local/mariadb.mjs").Mariadb} db @param {Site} site */
export async function startBothOfOurs(db, { workers }) {
  return {
    cluster: await startOurs(db, { workers }),
    per_request: await startOurs(db, { workers, name: "per-request", env: { ROUTING_SNAPSHOT_TTL: "0" } }),
  };
}
