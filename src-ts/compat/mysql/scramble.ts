/*
 * What a client sends instead of its password, per authentication plugin.
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_authentication_methods.html
 */
import { sha256 } from "./sha256";

const NONCE_BYTES = 20;

function xor(a: string, b: string): string {
    const bytes: string[] = [];
    for (const i of $range(1, a.length)) {
        bytes.push(string.char(string.byte(a, i) ^ string.byte(b, i)));
    }
    return table.concat(bytes);
}

function native(password: string, nonce: string): string {
    const once = ngx.sha1_bin(password);
    return xor(once, ngx.sha1_bin(nonce + ngx.sha1_bin(once)));
}

function caching_sha2(password: string, nonce: string): string {
    const once = sha256(password);
    return xor(once, sha256(sha256(once) + nonce));
}

/** The proof of the password for a plugin and the server's nonce; nil and the cause for a plugin that is not known. */
export function scramble(plugin: string, password: string, nonce: string): Result<string> {
    const known = plugin === "mysql_native_password" || plugin === "caching_sha2_password";
    if (!known) {
        return $multi(undefined, `unknown plugin: ${plugin}`);
    }
    if (password === "") {
        return $multi("");
    }
    const once = string.sub(nonce, 1, NONCE_BYTES);
    if (plugin === "mysql_native_password") {
        return $multi(native(password, once));
    }
    return $multi(caching_sha2(password, once));
}
