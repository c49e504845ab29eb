import { abandonBoot, beginBoot, giveUp } from "../boot";
import type { DatabaseClass } from "../kuma";
import * as log from "../log";
import { leaveOnSignals } from "../shutdown";
import { firstProblem, unwrap, wrap } from "../wrap";
import type { Hook } from "./hook";

let connected = false;

/** Kuma's connection to its database and the migrations: only one node at a time may do this. */
export const databaseHook: Hook = {
    module: "database.js",
    essential: true,

    patch(exports, agent) {
        const database = exports as DatabaseClass;
        return firstProblem(
            wrap(database, "readDBConfig", (original) => {
                return function (this: DatabaseClass) {
                    const config = original.call(this);
                    // 2.0.0-dev.0 writes the name from the environment where it does not look for it.
                    if (config.database !== undefined) config.dbName ??= config.database;
                    return config;
                };
            }),
            wrap(database, "connect", (original) => {
                return async function (this: DatabaseClass, ...args: unknown[]) {
                    if (connected) return original.apply(this, args);
                    connected = true;
                    await beginBoot(agent, this.readDBConfig()).catch(giveUp);
                    leaveOnSignals(agent);
                    return original.apply(this, args).catch(endBoot);
                };
            }),
            wrap(database, "patch", (original) => {
                return function (this: DatabaseClass, ...args: unknown[]) {
                    return original.apply(this, args).catch(endBoot);
                };
            }),
        );
    },

    unpatch(exports) {
        const database = exports as DatabaseClass;
        unwrap(database, "readDBConfig");
        unwrap(database, "connect");
        unwrap(database, "patch");
    },
};

/** Says what a failed creation or migration of Kuma's tables may mean, lets the next node try, and ends the process. */
async function endBoot(thrown: unknown): Promise<never> {
    const code = (thrown as { code?: unknown }).code;
    if (code === "ER_TABLE_EXISTS_ERROR" || code === "ER_DUP_FIELDNAME" || code === "ER_DUP_KEYNAME") {
        log.error(
            "a node was stopped in the middle of a migration, which has to be undone first: restore a backup, " +
                "or drop the database if it is new (%s)",
            log.messageOf(thrown),
        );
    }
    await abandonBoot();
    giveUp(thrown);
}
