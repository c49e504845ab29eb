/* The check of kind dns: a name has records of a type, or one that is given. */
import * as resolver from "resty.dns.resolver";
import type { Answer, Answers } from "resty.dns.resolver";
import { parse_address } from "../../lib/address";
import * as clock from "../../lib/clock";
import { nameservers } from "../../lib/dns_files";
import { NXDOMAIN, ask } from "../../lib/dns_query";
import { parse_ip } from "../../lib/ip_range";
import { down, explain, printable, up } from "../finding";
import type { Finding } from "../finding";

type RecordType = NonNullable<DnsTarget["type"]>;

const DNS_PORT = 53;

const CODES: Record<RecordType, number> = {
    A: resolver.TYPE_A,
    AAAA: resolver.TYPE_AAAA,
    CNAME: resolver.TYPE_CNAME,
    MX: resolver.TYPE_MX,
    NS: resolver.TYPE_NS,
    TXT: resolver.TYPE_TXT,
};

function text_of(answer: Answer): string {
    const { txt } = answer;
    if (txt !== undefined) {
        return typeof txt === "string" ? txt : table.concat(txt);
    }
    if (answer.exchange !== undefined) {
        return `${string.format("%d", answer.preference ?? 0)} ${answer.exchange}`;
    }
    return answer.address ?? answer.cname ?? answer.nsdname ?? "";
}

/** In one form, so that equal values are equal texts. */
function normal(text: string, record_type: RecordType): string {
    if (record_type === "TXT") {
        return text;
    }
    const bytes = record_type === "A" || record_type === "AAAA" ? parse_ip(text) : undefined;
    if (bytes !== undefined) {
        return table.concat(bytes, ".");
    }
    return string.gsub(string.lower(text), "%.$", "")[0];
}

/** Whether a record is the expected one: that of an MX with or without its preference. */
function is_match(text: string, expected: string, record_type: RecordType): boolean {
    const wanted = normal(expected, record_type);
    const [, host] = string.match(text, "^(%d+) (.*)$");
    const is_host = record_type === "MX" && host !== undefined && normal(host, record_type) === wanted;
    return normal(text, record_type) === wanted || is_host;
}

function judge(answers: Answers, { name, expected }: DnsTarget, record_type: RecordType): Result<string> {
    if (answers.errcode === NXDOMAIN) {
        return $multi(undefined, `${name} does not exist`);
    }
    const texts: string[] = [];
    let is_found = expected === undefined;
    for (const answer of answers) {
        if (answer.type === CODES[record_type]) {
            const text = text_of(answer);
            table.insert(texts, text);
            is_found = is_found || is_match(text, expected ?? "", record_type);
        }
    }
    if (texts.length === 0) {
        return $multi(undefined, `${name} has no ${record_type} record`);
    }
    const list = printable(table.concat(texts, ", "));
    if (!is_found) {
        return $multi(undefined, `none of the ${record_type} records is ${expected}: ${list}`);
    }
    return $multi(list);
}

function servers_of(server: string | undefined): [host: string, port: number][] {
    if (server === undefined) {
        return nameservers();
    }
    const [host, port] = parse_address(server, DNS_PORT);
    return host === undefined ? [] : [[host, port]];
}

/** Checks once; never raises for whatever the other side does. */
export function check(target: DnsTarget, timeout_ms: number): Finding {
    const record_type = target.type ?? "A";
    const started = clock.monotonic();
    const until = clock.monotonic() + timeout_ms / 1000;
    const [answers, ask_err] = ask(target.name, CODES[record_type], until, servers_of(target.server));
    if (answers === undefined) {
        const is_timeout = string.find(ask_err, "timeout", 1, true)[0] as number | undefined;
        return down(explain(is_timeout === undefined ? ask_err : "timeout", timeout_ms));
    }
    const took = clock.monotonic() - started;
    const [list, problem] = judge(answers, target, record_type);
    return list === undefined ? down(problem) : up(list, took);
}
