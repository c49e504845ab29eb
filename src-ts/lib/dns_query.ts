/* One look-up in the DNS, without cache: search list, name servers in order, A before AAAA, aliases. */
import * as resolver from "resty.dns.resolver";
import type { Answers } from "resty.dns.resolver";
import * as clock from "./clock";
import * as files from "./dns_files";
import { absolute_names } from "./resolv_conf";

export interface Addresses {
    /** In the form that nginx takes, in the server's order. */
    readonly ips: string[];
    /** Seconds for which the servers vouch for them. */
    readonly ttl: number;
}

/** nil: the cause, and whether the servers said so (the name has no address) or could not answer. */
type Found = LuaMultiReturn<[addresses: Addresses | undefined, err?: string | undefined, is_definite?: boolean]>;

const BUDGET_S = 5;
const MAX_ALIASES = 8;
/** The error code of a name that does not exist. */
export const NXDOMAIN = 3;
const DAY_S = 86400;

function ask_server(server: [string, number], name: string, qtype: number, timeout: number): Result<Answers> {
    const [client, create_err] = resolver.new(resolver, { nameservers: [server], retrans: 1, timeout });
    if (client === undefined) {
        return $multi(undefined, create_err ?? "");
    }
    const [answers, err] = client.query(name, { qtype });
    if (answers === undefined) {
        return $multi(undefined, err ?? "");
    }
    if (answers.errcode !== undefined && answers.errcode !== NXDOMAIN) {
        return $multi(undefined, `name server ${server[0]}:${server[1]}: ${answers.errstr}`);
    }
    return $multi(answers);
}

/**
 * Asks the servers in turn until one answers, be it that there is no such name (errcode 3); nil and the cause when none
 * does until the deadline, a time of clock.monotonic().
 */
export function ask(
    name: string,
    qtype: number,
    deadline: number,
    servers: readonly [host: string, port: number][] = files.nameservers(),
): Result<Answers> {
    const { attempts, timeout } = files.resolv_conf();
    let cause = "timeout";
    let rounds = 0;
    while (rounds < attempts) {
        rounds += 1;
        for (const server of servers) {
            const rest = deadline - clock.monotonic();
            if (rest <= 0) {
                return $multi(undefined, cause);
            }
            const [answers, err] = ask_server(server, name, qtype, math.ceil(math.min(timeout, rest) * 1000));
            if (answers !== undefined) {
                return $multi(answers);
            }
            cause = err;
        }
    }
    return $multi(undefined, cause);
}

function addresses_in(answers: Answers, qtype: number): Addresses | undefined {
    const ips: string[] = [];
    let ttl = DAY_S;
    for (const answer of answers) {
        ttl = math.min(ttl, answer.ttl);
        if (answer.type === qtype && answer.address !== undefined) {
            ips.push(qtype === resolver.TYPE_AAAA ? `[${answer.address}]` : answer.address);
        }
    }
    return ips.length > 0 ? { ips, ttl } : undefined;
}

/** The end of the chain of aliases, where the server did not follow it. */
function alias_in(answers: Answers): string | undefined {
    let target: string | undefined;
    for (const answer of answers) {
        target = answer.cname ?? target;
    }
    return target;
}

function look_up_absolute(name: string, deadline: number): Found {
    let target: string | undefined = name;
    let aliases = 0;
    while (aliases <= MAX_ALIASES) {
        const [answers, err] = ask(target, resolver.TYPE_A, deadline);
        if (answers === undefined) {
            return $multi(undefined, err, false);
        }
        if (answers.errcode !== undefined) {
            return $multi(undefined, `${name} does not exist`, true);
        }
        const v4 = addresses_in(answers, resolver.TYPE_A);
        if (v4 !== undefined) {
            return $multi(v4);
        }
        const [v6_answers, v6_err] = ask(target, resolver.TYPE_AAAA, deadline);
        if (v6_answers === undefined) {
            return $multi(undefined, v6_err, false);
        }
        const v6 = addresses_in(v6_answers, resolver.TYPE_AAAA);
        if (v6 !== undefined) {
            return $multi(v6);
        }
        target = alias_in(answers);
        aliases += 1;
        if (target === undefined) {
            return $multi(undefined, `${name} has no address`, true);
        }
    }
    return $multi(undefined, `${name} has more than ${MAX_ALIASES} aliases`, true);
}

/**
 * The addresses of a name; nil, the cause, and true when the servers said that there are none, false when they could not
 * be asked. Waits 5 seconds at most.
 */
export function look_up(name: string): Found {
    const deadline = clock.monotonic() + BUDGET_S;
    let cause: string | undefined;
    let all_definite = true;
    for (const candidate of absolute_names(name, files.resolv_conf())) {
        const [addresses, err, is_definite] = look_up_absolute(candidate, deadline);
        if (addresses !== undefined) {
            return $multi(addresses);
        }
        // A search domain whose servers fail must not hide the name behind it.
        if (is_definite !== true) {
            cause = all_definite ? err : cause;
            all_definite = false;
        }
        cause ??= err;
    }
    return $multi(undefined, cause, all_definite);
}
