export function resolve_host(host: string): Result<string> {
    return $multi(host);
}
export function cached_host(host: string): string | undefined {
    return host;
}
