/* The parameter dry_run of routes that change something. */
import { invalid } from "./request";
import type { Request } from "./request";
import type { Answer } from "./respond";

const FLAGS: Record<string, boolean | undefined> = { "1": true, true: true, "0": false, false: false };

/** What `dry_run` makes of a request: a list of what would be done, or the deed. */
export function either({ query }: Request, list: () => Answer, act: () => Answer): Answer {
    const is_dry_run = FLAGS[query.dry_run ?? "0"];
    if (is_dry_run === undefined) {
        return invalid("dry_run", "1 or 0");
    }
    return is_dry_run ? list() : act();
}
