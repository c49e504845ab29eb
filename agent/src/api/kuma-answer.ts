/* What an answer of Kuma's handlers means. Pure. */
import { isLostText } from "../database-errors";
import { databaseLost, Problem } from "./problem";

/** knex puts the whole statement before what the server said. */
const STATEMENT = /^(insert into|update|select|delete from) [\s\S]* - /i;
/** What JavaScript says when a handler relied on a field that is not there, or is something else. */
const BROKEN = /^Cannot (read|set) propert|is not (a function|iterable|defined|valid JSON)|^Unexpected token/;
const DUPLICATE = /^Duplicate entry/i;
const FOREIGN = /foreign key constraint fails.*FOREIGN KEY \(`(\w+)`\)/is;
const COLUMN = /for column (?:`[^`]*`\.`[^`]*`\.)?[`']([^`']+)[`']|[Cc]olumn '([^']+)'/;

function ofDatabase(text: string): Problem {
    if (DUPLICATE.test(text)) return new Problem(409, "conflict", text);
    const reference = FOREIGN.exec(text)?.[1];
    if (reference !== undefined) {
        const message = `${reference} names something that does not exist`;
        return new Problem(400, "unknown_reference", message, { fields: [reference] });
    }
    const match = COLUMN.exec(text);
    const column = match?.[1] ?? match?.[2];
    const fields = column === undefined ? {} : { fields: [column] };
    return new Problem(400, "invalid_value", text, fields);
}

/** The problem behind the message of an answer that is not ok. */
export function problemOfAnswer(message: string | undefined): Problem {
    const text = message ?? "Uptime Kuma did not say why";
    const cause = text.replace(STATEMENT, "");
    if (isLostText(cause)) return databaseLost();
    if (cause !== text) return ofDatabase(cause);
    if (/^(You do not own this monitor|Permission denied)/.test(text)) {
        return new Problem(404, "monitor_not_found", "there is no such monitor");
    }
    return new Problem(400, "invalid_monitor", BROKEN.test(text) ? "Uptime Kuma cannot handle these fields" : text);
}
