/*
 * Talks to the leader: the first of CLUSTER_PEER_URL that works, and that one for as long as it does. What goes wrong is
 * logged once, until it is something else or over.
 */
import * as config from "../config";
import { exchange, peer_of_url } from "../lib/http_client";
import type { HttpAnswer } from "../lib/http_client";
import * as json from "../lib/json";
import type { Url } from "../lib/url";
import * as logger from "../logger";
import * as state from "./state";

export interface Question {
    readonly method: "GET" | "POST";
    /** Below /lb/. */
    readonly path: string;
    readonly headers?: Record<string, string>;
    readonly body?: unknown;
}

/** Nil: why no leader could be asked, and whether one refused us for good, as with a wrong secret. */
export type Asked = LuaMultiReturn<[answer: HttpAnswer | undefined, err: string, is_refused: boolean]>;

const TIMEOUT_MS = 10000;
const LONGEST_ANSWER = 8 * 1024 * 1024;

/** Index of the URL that worked last. */
let preferred = 0;

/** The sentence of an error's body, for the log. */
function message_of({ body }: HttpAnswer): string {
    const [said] = json.decode<ErrorBody>(body);
    return typeof said === "object" && typeof said.message === "string" ? ` (${string.sub(said.message, 1, 200)})` : "";
}

/** What the leader's answers about the question itself are: those that say yes, and those that say what is wrong with it. */
const ANSWERS: Record<number, boolean | undefined> = {
    200: true,
    304: true,
    400: true,
    409: true,
    413: true,
    422: true,
};

/** Why an answer is none of a leader that takes us; nil when it is one. */
function judge(answer: HttpAnswer): LuaMultiReturn<[problem: string | undefined, is_refused: boolean]> {
    const { status } = answer;
    if (status === 401) {
        return $multi("refuses us with 401: our CLUSTER_SECRET is not the leader's", true);
    }
    if (status === 403) {
        return $multi(`refuses us with 403${message_of(answer)}`, true);
    }
    if (status === 404) {
        return $multi("answered 404: it is no leader, or one of an earlier version", false);
    }
    return $multi(ANSWERS[status] === true ? undefined : `answered ${status}${message_of(answer)}`, false);
}

function ask_one(url: Url, { method, path, headers, body }: Question): Asked {
    const [peer, peer_err] = peer_of_url(url);
    if (peer === undefined) {
        return $multi(undefined, peer_err, false);
    }
    const all: Record<string, string> = { "X-Cluster-Secret": config.secrets.current };
    for (const [name, value] of pairs(headers ?? {})) {
        all[name] = value;
    }
    if (body !== undefined) {
        all["Content-Type"] = "application/json";
    }
    const [prefix] = string.gsub(url.path, "/$", "");
    const [answer, err] = exchange(peer, {
        method,
        path: `${prefix}/lb/${path}`,
        headers: all,
        body: body === undefined ? undefined : json.encode(body),
        timeout_ms: TIMEOUT_MS,
        longest_body: LONGEST_ANSWER,
    });
    if (answer === undefined) {
        return $multi(undefined, err, false);
    }
    const [problem, is_refused] = judge(answer);
    if (problem !== undefined) {
        return $multi(undefined, problem, is_refused);
    }
    return $multi(answer, "", false);
}

function note_success(index: number): void {
    const { urls } = config.peers;
    if (state.set_leader_error(undefined)) {
        logger.info("PROBE", "the leader at %s answers again", urls[index]?.text);
    } else if (index !== preferred) {
        logger.info("PROBE", "using the leader at %s from now on", urls[index]?.text);
    }
    preferred = index;
}

/** Asks the leader. An answer is a success, or an error that means the question: 400, 409, 413 or 422. */
export function ask(question: Question): Asked {
    const { urls } = config.peers;
    const failures: string[] = [];
    let is_refused = false;
    for (const step of $range(0, urls.length - 1)) {
        const index = (preferred + step) % urls.length;
        const url = urls[index] as Url;
        const [answer, err, refused] = ask_one(url, question);
        if (answer !== undefined) {
            note_success(index);
            return $multi(answer, "", false);
        }
        is_refused = is_refused || refused;
        table.insert(failures, `${url.text}: ${err}`);
    }
    // In one order, so that the same failures are the same sentence.
    table.sort(failures);
    const failure = table.concat(failures, "; ");
    if (state.set_leader_error(failure)) {
        logger.error("PROBE", "cannot reach the leader, results are kept until it is back: %s", failure);
    }
    return $multi(undefined, failure, is_refused);
}
