import type { Problem } from "../api/problem";
import type { Messages } from "./en";
import type { Formats } from "./format";

/** A problem in a sentence: the API's own where it gave one. */
export function problemText(problem: Problem, text: Messages, formats: Formats): string {
    if (problem.message !== "") return problem.message;
    if (problem.code === "unreachable") return text.problem.unreachable;
    if (problem.code === "timeout") return text.problem.timeout;
    return problem.code === "not_json" ? text.problem.notJson : text.problem.other(formats.number(problem.status));
}
