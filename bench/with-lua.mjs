// More Lua in the configuration of the load balancer than it comes with, for what measures it from within.
import { fileURLToPath } from "node:url";

const MODULES = `${fileURLToPath(new URL("lua", import.meta.url))}/?.lua`;

/**
 * The change of the files of nginx/conf.d that adds Lua, which can require the modules of bench/lua.
 * @param {{init?: string, init_worker?: string, location?: string}} more code of these phases, and directives of /bench
 * @returns {(text: string, file: string) => string}
 */
export function withLua({ init = "", init_worker = "", location = "" }) {
  return (text, file) => {
    if (file !== "cluster.conf") return text;
    /** @type {[string, string][]} */
    const changes = [
      ["kuma_cluster.init() }", `kuma_cluster.init() package.path = package.path .. ";${MODULES}" ${init} }`],
      ["kuma_cluster.init_worker() }", `kuma_cluster.init_worker() ${init_worker} }`],
    ];
    if (location !== "") changes.push(["    location / {", `    location = /bench { ${location} }\n    location / {`]);
    for (const [place] of changes) if (!text.includes(place)) throw new Error(`${file} has no ${place}`);
    return changes.reduce((changed, [place, replacement]) => changed.replace(place, () => replacement), text);
  };
}
