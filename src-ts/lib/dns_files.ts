/* /etc/hosts and /etc/resolv.conf, read again after a few seconds: containers rewrite both while they run. */
import * as config from "../config";
import * as clock from "./clock";
import { parse_address } from "./address";
import { parse_hosts } from "./hosts_file";
import type { HostsFile } from "./hosts_file";
import { parse_resolv_conf } from "./resolv_conf";
import type { ResolvConf } from "./resolv_conf";

/** Seconds for which a file counts as read. */
export const FILE_TTL_S = 5;
/** Where the files are. */
export const paths = { hosts: "/etc/hosts", resolv_conf: "/etc/resolv.conf" };

const DNS_PORT = 53;

let hosts_read = -math.huge;
let known_hosts: HostsFile = {};
let resolv_conf_read = -math.huge;
let known_resolv_conf: ResolvConf = parse_resolv_conf("");

function read(path: string): string | undefined {
    const [file] = io.open(path, "r");
    if (file === undefined) {
        return undefined;
    }
    const text = file.read("*a");
    file.close();
    return text;
}

/** The names of /etc/hosts; what was known before when it cannot be read. */
export function hosts(): HostsFile {
    if (clock.monotonic() - hosts_read < FILE_TTL_S) {
        return known_hosts;
    }
    hosts_read = clock.monotonic();
    const text = read(paths.hosts);
    if (text !== undefined) {
        known_hosts = parse_hosts(text);
    }
    return known_hosts;
}

/** /etc/resolv.conf; what was known before when it cannot be read. */
export function resolv_conf(): ResolvConf {
    if (clock.monotonic() - resolv_conf_read < FILE_TTL_S) {
        return known_resolv_conf;
    }
    resolv_conf_read = clock.monotonic();
    const text = read(paths.resolv_conf);
    if (text !== undefined) {
        known_resolv_conf = parse_resolv_conf(text);
    }
    return known_resolv_conf;
}

/** The name servers to ask, in order: those of the settings, else those of /etc/resolv.conf, else this host. */
export function nameservers(): [host: string, port: number][] {
    const { resolvers } = config.dns;
    const listed = resolvers.length > 0 ? resolvers : resolv_conf().nameservers;
    const servers: [string, number][] = [];
    for (const address of listed) {
        const [host, port] = parse_address(address, DNS_PORT);
        if (host !== undefined) {
            servers.push([host, port]);
        }
    }
    if (servers.length === 0) {
        servers.push(["127.0.0.1", DNS_PORT]);
    }
    return servers;
}
