/* SHA-256 from OpenResty's lua-resty-string, or from the OpenSSL that nginx is linked with. */
import * as ffi from "ffi";
import type * as Sha256Module from "resty.sha256";

const DIGEST_BYTES = 32;
const [has_resty, resty_sha256] = pcall(require as (name: string) => typeof Sha256Module, "resty.sha256");
if (!has_resty) {
    ffi.cdef("unsigned char *SHA256(const unsigned char *data, size_t length, unsigned char *digest);");
}

/** The digest of a string, 32 bytes. Raises when the host has neither library. */
export function sha256(data: string): string {
    const hash = has_resty ? resty_sha256.new(resty_sha256) : undefined;
    if (hash !== undefined) {
        hash.update(data);
        return hash.final();
    }
    const digest = ffi.C["SHA256"];
    if (digest === undefined) {
        return error("no SHA-256 on this host", 0);
    }
    return ffi.string(digest(data, data.length, undefined), DIGEST_BYTES);
}
