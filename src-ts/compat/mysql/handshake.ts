/*
 * The connection phase: greeting of the server, our answer, and the proof of the password.
 * https://mariadb.com/kb/en/connection/
 */
import { read_zero_text, write_int } from "./bytes";
import type { Outcome, Wire } from "./packet";
import { receive, send } from "./packet";
import { EOF, ERR, MORE_AUTH_DATA, OK, parse_error } from "./response";
import { scramble } from "./scramble";

export interface Credentials {
    user: string;
    password: string;
    database: string;
    /** Number of the collation that the connection starts with; 0 leaves it to the server. */
    collation: number;
    /** On a Unix socket nobody can listen, so the password itself may be sent. */
    is_private: boolean;
}

interface Greeting {
    version: string;
    plugin: string;
    nonce: string;
}

const PROTOCOL_VERSION = 10;
// The flags of lua-resty-mysql (found rows instead of changed rows among them) with authentication plugins added and
// LOCAL INFILE removed: a hostile server could ask for any file of this host.
const CLIENT_FLAGS = 0x3f7cf - 0x80 + 0x80000;
const FAST_AUTH_OK = 3;
const FULL_AUTH = 4;

function refused(payload: string): Outcome<never> {
    const [err, errcode, sqlstate] = parse_error(payload);
    return $multi(undefined, err, errcode, sqlstate);
}

function read_greeting(wire: Wire): Outcome<Greeting> {
    const [payload, err] = receive(wire);
    if (payload === undefined) {
        return $multi(undefined, err);
    }
    const protocol = string.byte(payload, 1);
    if (protocol === ERR) {
        return refused(payload);
    }
    if (protocol !== PROTOCOL_VERSION) {
        return $multi(undefined, `unsupported protocol version ${protocol}`);
    }
    const [version, thread_id] = read_zero_text(payload, 2);
    const nonce = thread_id + 4;
    // 8 bytes of nonce, filler, capabilities, collation, status, capabilities, length of the nonce, reserved.
    const rest = nonce + 8 + 1 + 2 + 1 + 2 + 2 + 1 + 10;
    const [plugin] = read_zero_text(payload, rest + 13);
    return $multi({
        version,
        plugin: plugin === "" ? "mysql_native_password" : plugin,
        nonce: string.sub(payload, nonce, nonce + 7) + string.sub(payload, rest, rest + 11),
    });
}

function respond(wire: Wire, credentials: Credentials, plugin: string, proof: string): Outcome<number> {
    const payload =
        write_int(CLIENT_FLAGS, 4) +
        write_int(wire.max_packet_size, 4) +
        string.char(credentials.collation) +
        string.rep("\0", 23) +
        `${credentials.user}\0` +
        string.char(proof.length) +
        proof +
        `${credentials.database}\0${plugin}\0`;
    const [bytes, err] = send(wire, payload);
    if (bytes === undefined) {
        return $multi(undefined, `failed to send client authentication packet: ${err}`);
    }
    return $multi(bytes);
}

/** Proves the password again for the plugin, and the nonce, that the server prefers for this user. */
function switch_plugin(wire: Wire, credentials: Credentials, payload: string): Outcome<number> {
    if (payload.length === 1) {
        return $multi(undefined, "the server asks for the password format of MySQL 4.0");
    }
    const [plugin, nonce] = read_zero_text(payload, 2);
    const [proof, err] = scramble(plugin, credentials.password, string.sub(payload, nonce));
    if (proof === undefined) {
        return $multi(undefined, err);
    }
    // An empty password has an empty proof, and a packet cannot be empty.
    return send(wire, proof === "" ? "\0" : proof);
}

/** caching_sha2_password: the server knows the password already, or wants all of it. */
function more_auth_data(wire: Wire, credentials: Credentials, payload: string): Outcome<number> {
    const status = string.byte(payload, 2);
    if (status === FAST_AUTH_OK) {
        return $multi(0);
    }
    if (status !== FULL_AUTH) {
        return $multi(undefined, "malformed packet");
    }
    if (credentials.is_private) {
        return send(wire, `${credentials.password}\0`);
    }
    return $multi(
        undefined,
        "caching_sha2_password needs TLS for the first log-in of a user: log in once with another client, " +
            "or use mysql_native_password",
    );
}

function prove(wire: Wire, credentials: Credentials): Outcome<boolean> {
    for (;;) {
        const [payload, receive_err] = receive(wire);
        if (payload === undefined) {
            return $multi(undefined, receive_err);
        }
        const kind = string.byte(payload, 1);
        if (kind === OK) {
            return $multi(true);
        }
        if (kind === ERR) {
            return refused(payload);
        }
        if (kind !== EOF && kind !== MORE_AUTH_DATA) {
            return $multi(undefined, `bad packet type: ${kind}`);
        }
        const next = kind === EOF ? switch_plugin : more_auth_data;
        const [bytes, err] = next(wire, credentials, payload);
        if (bytes === undefined) {
            return $multi(undefined, err);
        }
    }
}

/**
 * Logs in on a new connection. Returns the server's version; or nil, the error, and the number and SQLSTATE when the
 * server refused.
 */
export function log_in(wire: Wire, credentials: Credentials): Outcome<string> {
    const [greeting, err, errcode, sqlstate] = read_greeting(wire);
    if (greeting === undefined) {
        return $multi(undefined, err, errcode, sqlstate);
    }
    const [proof, scramble_err] = scramble(greeting.plugin, credentials.password, greeting.nonce);
    if (proof === undefined) {
        return $multi(undefined, scramble_err);
    }
    const [sent, send_err] = respond(wire, credentials, greeting.plugin, proof);
    if (sent === undefined) {
        return $multi(undefined, send_err);
    }
    const [ok, auth_err, auth_code, auth_state] = prove(wire, credentials);
    if (ok === undefined) {
        return $multi(undefined, auth_err, auth_code, auth_state);
    }
    return $multi(greeting.version);
}
