/* Whether an IP address is of this machine or of a private network. */
import { is_ipv4 } from "./address";

const V4_RANGES: readonly (readonly [first: number, second_from: number, second_to: number])[] = [
    [10, 0, 255],
    [127, 0, 255],
    [169, 254, 254],
    [172, 16, 31],
    [192, 168, 168],
];

function is_private_v4(address: string): boolean {
    const [a, b] = string.match(address, "^(%d+)%.(%d+)%.");
    const [first, second] = [tonumber(a ?? ""), tonumber(b ?? "")];
    if (first === undefined || second === undefined) {
        return false;
    }
    for (const [wanted, from, to] of V4_RANGES) {
        if (first === wanted && second >= from && second <= to) {
            return true;
        }
    }
    return false;
}

/**
 * True for loopback, link-local and private addresses, IPv4, IPv6 and IPv4 in IPv6; false for all others and for what
 * is no address.
 */
export function is_private_address(text: string): boolean {
    const address = string.lower(text);
    const [mapped] = string.match(address, "^::ffff:([%d.]+)$");
    const v4 = mapped ?? address;
    if (is_ipv4(v4)) {
        return is_private_v4(v4);
    }
    if (address === "::1") {
        return true;
    }
    const [head] = string.match(address, "^(%x%x%x%x):[%x:.]*$");
    const group = head === undefined ? undefined : tonumber(head, 16);
    if (group === undefined) {
        return false;
    }
    // fc00::/7 and fe80::/10.
    return (group >= 0xfc00 && group <= 0xfdff) || (group >= 0xfe80 && group <= 0xfebf);
}
