/* Which statuses of an answer are the expected ones: "200-299,304". Pure. */

export const DEFAULT_RANGES = "200-299";

/** True when one of the ranges has the status. */
export function is_expected(status: number, ranges: string): boolean {
    for (const [from, to] of string.gmatch(ranges, "(%d+)%s*%-?%s*(%d*)")) {
        const first = tonumber(from) ?? 0;
        if (status >= first && status <= (tonumber(to) ?? first)) {
            return true;
        }
    }
    return false;
}
