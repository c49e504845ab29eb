import type { EventEmitter } from "node:events";

import { unwrap, wrap } from "../wrap";
import type { Hook } from "./hook";

type Connection = Pick<EventEmitter, "on" | "listenerCount" | "removeAllListeners">;

interface Mysql2 {
    createConnection(...args: unknown[]): Connection;
}

function ignore(): void {
    // Whoever used the connection has given it up.
}

/** An error of a connection finds a listener, also after somebody has taken all of them away. */
function guarded(connection: Connection): Connection {
    wrap(connection, "removeAllListeners", (original) => {
        return function (this: Connection, ...args: [(string | symbol)?]) {
            const result = original.apply(this, args);
            if (this.listenerCount("error") === 0) this.on("error", ignore);
            return result;
        } as typeof original;
    });
    return connection;
}

/**
 * Kuma's connections to its database. knex takes all listeners from one that it closes; when the database's host resets it
 * after that, mysql2 tells of an error that nobody listens to, which ends the process.
 */
export const connectionsHook: Hook = {
    module: "mysql2",
    essential: false,

    patch(exports) {
        return wrap(exports as Mysql2, "createConnection", (original) => {
            return function (this: Mysql2, ...args: unknown[]) {
                return guarded(original.apply(this, args));
            };
        });
    },

    unpatch(exports) {
        unwrap(exports as Mysql2, "createConnection");
    },
};
