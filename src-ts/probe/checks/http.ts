/* The check of kind http: asks, follows redirects, and judges status, keyword and certificate. */
import { days_left } from "../../lib/certificate";
import * as clock from "../../lib/clock";
import { exchange, peer_of_url } from "../../lib/http_client";
import type { HttpAnswer } from "../../lib/http_client";
import { milliseconds_left } from "../../lib/socket_reader";
import { contains } from "../../lib/text";
import { parse_url } from "../../lib/url";
import { VERSION } from "../../lib/version";
import { down, explain, printable, up } from "../finding";
import type { Finding } from "../finding";
import { follow, is_redirect } from "../redirect";
import type { Step } from "../redirect";
import { DEFAULT_RANGES, is_expected } from "../status_ranges";

/** Bytes of a body in which a keyword is looked for. */
const LONGEST_BODY = 1048576;
const DEFAULT_REDIRECTS = 10;

function first_step({ url, method, headers, body }: HttpTarget): Step | undefined {
    const parsed = parse_url(url);
    const all: Record<string, string> = { "User-Agent": `uptime-kuma-cluster-probe/${VERSION}` };
    for (const [name, value] of pairs(headers ?? {})) {
        if (string.lower(name) === "user-agent") {
            all["User-Agent"] = value;
        } else {
            all[name] = value;
        }
    }
    return parsed === undefined ? undefined : { url: parsed, method: method ?? "GET", headers: all, body };
}

function ask(step: Step, target: HttpTarget, deadline: number): Result<HttpAnswer> {
    const [peer, peer_err] = peer_of_url(step.url);
    if (peer === undefined) {
        return $multi(undefined, peer_err);
    }
    const left = milliseconds_left(deadline);
    if (left === undefined) {
        return $multi(undefined, "timeout");
    }
    const { address, port, host, name, tls_name } = peer;
    const is_unverified = target.ignore_tls === true;
    return exchange(tls_name === undefined ? peer : { address, port, host, name, tls_name, is_unverified }, {
        method: step.method,
        path: step.url.path,
        headers: step.headers,
        body: step.body,
        timeout_ms: left,
        longest_body: LONGEST_BODY,
        may_cut: true,
    });
}

/** When the certificate ends, as a part of a sentence, and whether that is too soon. */
function judge_certificate(answer: HttpAnswer, least: number): LuaMultiReturn<[sentence: string, is_bad: boolean]> {
    const days = days_left(answer.tls_session);
    if (days === undefined) {
        return $multi("this nginx cannot read certificates: unset min_tls_days", true);
    }
    const whole = math.floor(math.abs(days));
    const unit = whole === 1 ? "day" : "days";
    if (days < 0) {
        return $multi(`the certificate ended ${whole} ${unit} ago`, true);
    }
    return $multi(`the certificate ends in ${whole} ${unit}`, days < least);
}

function judge_keyword({ keyword, invert_keyword }: HttpTarget, answer: HttpAnswer): string | undefined {
    if (keyword === undefined) {
        return undefined;
    }
    const coding = answer.headers["content-encoding"];
    if (coding !== undefined && string.lower(coding) !== "identity") {
        return `cannot look for the keyword: the body is compressed (${printable(coding)})`;
    }
    const is_there = contains(answer.body, keyword);
    if (invert_keyword === true) {
        return is_there ? `the keyword "${keyword}" is in the body` : undefined;
    }
    const where = answer.is_cut ? "the first MiB of the body" : "the body";
    return is_there ? undefined : `the keyword "${keyword}" is not in ${where}`;
}

function judge(target: HttpTarget, answer: HttpAnswer): string | undefined {
    const wanted = target.expected_status ?? DEFAULT_RANGES;
    if (!is_expected(answer.status, wanted)) {
        return `answered ${answer.status}, wanted ${wanted}`;
    }
    return judge_keyword(target, answer);
}

/** What is known on the way from the first URL to the last. */
interface Course {
    readonly target: HttpTarget;
    readonly started: number;
    readonly most: number;
    readonly seen: Record<string, boolean | undefined>;
    redirects: number;
    /** Of the certificate, to be said when all is well. */
    sentence: string;
}

/** Why the next step must not be made; nil when it may. */
function why_not_on(course: Course, next: Step): string | undefined {
    if (course.redirects >= course.most) {
        return `more than ${course.most} redirects`;
    }
    const key = `${next.method} ${next.url.text}`;
    if (course.seen[key] === true) {
        return `redirects in a circle, back to ${string.sub(next.url.text, 1, 100)}`;
    }
    course.seen[key] = true;
    course.redirects += 1;
    return undefined;
}

/** What an answer comes to, or the step that it leads to. */
function conclude(course: Course, step: Step, answer: HttpAnswer): Finding | Step {
    const { target } = course;
    if (step.url.is_https && target.min_tls_days !== undefined) {
        const [ends, is_bad] = judge_certificate(answer, target.min_tls_days);
        if (is_bad) {
            return down(ends);
        }
        course.sentence = `, ${ends}`;
    }
    if (!is_redirect(answer.status) || course.most === 0) {
        const problem = judge(target, answer);
        const took = clock.monotonic() - course.started;
        return problem === undefined ? up(`answered ${answer.status}${course.sentence}`, took) : down(problem);
    }
    const [next, err] = follow(step, answer.status, answer.headers.location);
    const problem = next === undefined ? printable(err) : why_not_on(course, next);
    return problem === undefined ? (next as Step) : down(problem);
}

/** Checks once; never raises for whatever the other side does. */
export function check(target: HttpTarget, timeout_ms: number): Finding {
    const started = clock.monotonic();
    const most = target.max_redirects ?? DEFAULT_REDIRECTS;
    let step = first_step(target);
    if (step === undefined) {
        return down("the URL is none");
    }
    const course: Course = { target, started, most, seen: {}, redirects: 0, sentence: "" };
    course.seen[`${step.method} ${step.url.text}`] = true;
    for (;;) {
        const [answer, err] = ask(step, target, started + timeout_ms / 1000);
        if (answer === undefined) {
            return down(explain(err, timeout_ms));
        }
        const outcome = conclude(course, step, answer);
        if ("status" in outcome) {
            return outcome;
        }
        step = outcome;
    }
}
