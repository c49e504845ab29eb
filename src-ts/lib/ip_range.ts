/* IP addresses as bytes, and ranges of them as `address/prefix` writes them. */
import { is_ipv4 } from "./address";
import { contains, words } from "./text";

/** Addresses whose first `bits` bits are those of `bytes`: 4 bytes or 16. */
export interface IpRange {
    readonly bytes: readonly number[];
    readonly bits: number;
}

function bytes_of_ipv4(text: string): number[] {
    const bytes: number[] = [];
    for (const [part] of string.gmatch(text, "%d+")) {
        table.insert(bytes, tonumber(part) ?? 0);
    }
    return bytes;
}

/** Appends the groups of one side of a "::"; false when one of them is none. */
function add_groups(bytes: number[], text: string): boolean {
    if (text === "") {
        return true;
    }
    for (const [group] of string.gmatch(text + ":", "([^:]*):")) {
        const [digits] = string.match(group as string, "^%x%x?%x?%x?$");
        if (digits !== undefined) {
            const value = tonumber(digits, 16) ?? 0;
            table.insert(bytes, math.floor(value / 256));
            table.insert(bytes, value % 256);
        } else if (is_ipv4(group as string)) {
            for (const byte of bytes_of_ipv4(group as string)) {
                table.insert(bytes, byte);
            }
        } else {
            return false;
        }
    }
    return true;
}

function bytes_of_ipv6(text: string): number[] | undefined {
    const [head, tail] = string.match(text, "^(.-)::(.*)$");
    const bytes: number[] = [];
    const rest: number[] = [];
    if (!add_groups(bytes, head ?? text) || !add_groups(rest, tail ?? "")) {
        return undefined;
    }
    const missing = 16 - bytes.length - rest.length;
    if (head === undefined ? missing !== 0 : missing < 2) {
        return undefined;
    }
    while (bytes.length + rest.length < 16) {
        table.insert(bytes, 0);
    }
    for (const byte of rest) {
        table.insert(bytes, byte);
    }
    return bytes;
}

function is_mapped_ipv4(bytes: readonly number[]): boolean {
    for (const index of $range(0, 9)) {
        if (bytes[index] !== 0) {
            return false;
        }
    }
    return bytes[10] === 255 && bytes[11] === 255;
}

/** 4 bytes of an IPv4 address, also of one in IPv6 (::ffff:10.0.0.1), 16 of another IPv6 address; nil for anything else. */
export function parse_ip(text: string): number[] | undefined {
    if (is_ipv4(text)) {
        return bytes_of_ipv4(text);
    }
    const bytes = contains(text, ":") ? bytes_of_ipv6(text) : undefined;
    if (bytes === undefined || !is_mapped_ipv4(bytes)) {
        return bytes;
    }
    return [bytes[12] as number, bytes[13] as number, bytes[14] as number, bytes[15] as number];
}

/** The range that `10.0.0.0/8`, `fd00::/8` or an address alone names; nil for anything else. */
export function parse_range(text: string): IpRange | undefined {
    const [address, prefix] = string.match(text, "^([^/]+)/(%d%d?%d?)$");
    const bytes = parse_ip(address ?? text);
    if (bytes === undefined) {
        return undefined;
    }
    const longest = bytes.length * 8;
    const bits = prefix === undefined ? longest : (tonumber(prefix) ?? longest);
    return bits > longest ? undefined : { bytes, bits };
}

function is_inside(address: readonly number[], { bytes, bits }: IpRange): boolean {
    if (address.length !== bytes.length) {
        return false;
    }
    let left = bits;
    for (const index of $range(0, bytes.length - 1)) {
        if (left <= 0) {
            break;
        }
        // The bits of this byte that do not count.
        const ignored = 2 ** math.max(0, 8 - left);
        if (math.floor((address[index] as number) / ignored) !== math.floor((bytes[index] as number) / ignored)) {
            return false;
        }
        left -= 8;
    }
    return true;
}

/** True when the text is an address in one of the ranges. */
export function is_in_ranges(text: string, ranges: readonly IpRange[]): boolean {
    const address = parse_ip(text);
    if (address === undefined) {
        return false;
    }
    for (const range of ranges) {
        if (is_inside(address, range)) {
            return true;
        }
    }
    return false;
}

const PRIVATE: IpRange[] = [];
for (const text of words("10.0.0.0/8 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.168.0.0/16 ::1 fc00::/7 fe80::/10")) {
    table.insert(PRIVATE, parse_range(text) as IpRange);
}

/** True for loopback, link-local and private addresses; false for all others and for what is no address. */
export function is_private_address(text: string): boolean {
    return is_in_ranges(text, PRIVATE);
}
