/*
 * The certificate of the other side of a TLS connection. A cosocket shows no connection of OpenSSL's, but the session that
 * its handshake returns is one of OpenSSL's and has the certificate. Where this nginx knows of no such thing, all answers
 * are nil.
 */
import * as ffi from "ffi";
import { c_function } from "./c_function";

/** What sslhandshake returned. */
export type TlsSession = unknown;

const SECONDS_A_DAY = 86400;

const get_peer = c_function("void *%s(const void *session)", "SSL_SESSION_get0_peer");
const get_not_after = c_function("const void *%s(const void *certificate)", "X509_get0_notAfter");
const time_diff = c_function("int %s(int *days, int *seconds, const void *from, const void *to)", "ASN1_TIME_diff");
const check_ip = c_function("int %s(void *certificate, const char *ip, unsigned int flags)", "X509_check_ip_asc");

/** A pointer that is good for as long as the session is. */
function certificate_of(session: TlsSession): unknown {
    if (get_peer === undefined || (type(session) as string) !== "cdata") {
        return undefined;
    }
    const certificate = get_peer(session);
    // A null pointer of C's equals nil, but counts as true.
    return certificate === undefined ? undefined : certificate;
}

/** Days until the certificate ends, with their part of a day, negative when it has; nil when it cannot be read. */
export function days_left(session: TlsSession): number | undefined {
    const certificate = certificate_of(session);
    if (certificate === undefined || get_not_after === undefined || time_diff === undefined) {
        return undefined;
    }
    const days = ffi.new("int[1]");
    const seconds = ffi.new("int[1]");
    if (time_diff(days, seconds, undefined, get_not_after(certificate)) !== 1) {
        return undefined;
    }
    return days.get(0) + seconds.get(0) / SECONDS_A_DAY;
}

/** Whether the certificate is one for this IP address (without brackets); nil when it cannot be read. */
export function is_for_ip(session: TlsSession, ip: string): boolean | undefined {
    const certificate = certificate_of(session);
    if (certificate === undefined || check_ip === undefined) {
        return undefined;
    }
    return check_ip(certificate, ip, 0) === 1;
}
