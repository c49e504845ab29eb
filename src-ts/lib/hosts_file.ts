/* /etc/hosts. Pure: the text comes from dns_files. */
import { ip_literal } from "./address";
import * as group from "./group";
import type { Groups } from "./group";
import { lines, words } from "./text";

/** Addresses by name in lower case, IPv4 first, each in the form that nginx takes. */
export type HostsFile = Groups<string, string>;

function add(hosts: HostsFile, names: string, ip: string): void {
    for (const name of words(string.lower(names))) {
        group.add(hosts, name, ip);
    }
}

/** The names that a text in the format of hosts(5) defines. */
export function parse_hosts(text: string): HostsFile {
    const v4: HostsFile = {};
    const v6: HostsFile = {};
    for (const line of lines(text)) {
        const [address, names] = string.match(line, "^%s*([^%s#]+)%s+([^#]*)");
        const ip = address === undefined ? undefined : ip_literal(address);
        if (ip !== undefined) {
            add(string.sub(ip, 1, 1) === "[" ? v6 : v4, names ?? "", ip);
        }
    }
    for (const [name, addresses] of pairs(v6)) {
        v4[name] ??= addresses;
    }
    return v4;
}
