/** The version of this load balancer, as package.json has it. */
export const VERSION = "0.2.0";

/** "1.22.1" of 1022001, as nginx and ngx_lua number their versions. */
export function version_text(number: number): string {
    const major = math.floor(number / 1000000);
    const minor = math.floor(number / 1000) % 1000;
    return string.format("%d.%d.%d", major, minor, number % 1000);
}
