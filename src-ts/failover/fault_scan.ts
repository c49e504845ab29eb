/* Counts what users lose: checks that were missed and checks that two nodes made, from the heartbeat rows. */
import * as shared_dict from "../lib/shared_dict";
import * as logger from "../logger";
import * as beats from "../store/beats";
import { count } from "./records";

const dict = shared_dict.open("health_checker");

/** Looks at the beats since the last scan; the first scan of a leader only finds out where to begin. */
export function scan(): Result<true> {
    const since = shared_dict.get_number(dict, "beats:last_id");
    if (since === undefined) {
        const [id, err] = beats.last_id();
        if (id === undefined) {
            return $multi(undefined, err);
        }
        shared_dict.set(dict, "beats:last_id", id);
        return $multi(true);
    }
    const [found, err] = beats.count_since(since);
    if (found === undefined) {
        return $multi(undefined, err);
    }
    shared_dict.set(dict, "beats:last_id", found.last_id);
    count("beats", found.beats);
    count("missed_checks", found.missed);
    count("duplicate_checks", found.duplicates);
    if (found.duplicates > 0) {
        logger.error("FAULT_SCAN", "%d checks were made by two nodes", found.duplicates);
    }
    return $multi(true);
}

/** A standby's knowledge grows old: the next leader's first scan begins anew. */
export function forget(): void {
    dict.raw.delete("beats:last_id");
}
